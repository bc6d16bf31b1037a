package io.guardian.checks.simulation;

import io.guardian.agent.send.ServerCalls;
import io.guardian.agent.send.ServerClient;
import io.guardian.backend.ingest.Refused;
import io.guardian.backend.log.BatchId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The way from agent to server. Requests and answers get lost, come twice, or come so late that the sender has given
 * them up and younger ones have overtaken them.
 */
final class SimulatedNetwork implements ServerCalls {
    private static final long NOBODY = -1;

    private final SplittableRandom random;
    private final Fate fate;
    private final Supplier<Optional<SimulatedBackend>> server;
    private final double faults;
    private final List<Late> late = new ArrayList<>();
    private boolean healed;
    private long trace;
    private long delivered;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Late(BatchId batch, byte[] body) {}

    /**
     * @param fate of who sends
     * @param faults how many of all requests meet one
     */
    SimulatedNetwork(SplittableRandom random, Fate fate, double faults, Supplier<Optional<SimulatedBackend>> server) {
        this.random = random;
        this.fate = fate;
        this.faults = faults;
        this.server = server;
    }

    /** No more faults. */
    void heal() {
        healed = true;
    }

    /** A hash of what was sent and what became of it. */
    long trace() {
        return trace;
    }

    long delivered() {
        return delivered;
    }

    /** Requests that are still on their way may arrive now. */
    void pass() {
        if (!late.isEmpty() && (healed || random.nextInt(4) == 0)) {
            var next = late.remove(random.nextInt(late.size()));
            int copies = healed || random.nextInt(3) > 0 ? 1 : 2;
            for (int i = 0; i < copies; i++) {
                deliver(next.batch(), next.body());
            }
        }
    }

    boolean isEmpty() {
        return late.isEmpty();
    }

    @Override
    public ServerClient.Answer get(String path, String token, Map<String, String> headers, int readMillis)
            throws IOException {
        throw new IOException("nothing is asked for here");
    }

    @Override
    public ServerClient.Answer post(String path, String token, Map<String, String> headers, byte[] body, int readMillis)
            throws IOException {
        var batch = BatchId.parse(headers.getOrDefault("X-Batch-Id", "")).orElseThrow();
        note(batch.toString());
        fate.step();
        if (healed || random.nextDouble() >= faults) {
            return answer(deliver(batch, body));
        }
        return switch (random.nextInt(5)) {
            case 0 -> throw new IOException("the request was lost");
            case 1 -> {
                deliver(batch, body);
                throw new IOException("the answer was lost");
            }
            case 2 -> {
                late.add(new Late(batch, body));
                throw new IOException("the request is late");
            }
            case 3 -> {
                late.add(new Late(batch, body));
                yield answer(deliver(batch, body));
            }
            default -> {
                deliver(batch, body);
                yield answer(deliver(batch, body));
            }
        };
    }

    private ServerClient.Answer answer(Outcome outcome) throws IOException {
        if (outcome.status() == NOBODY) {
            throw new IOException("nobody answers");
        }
        return new ServerClient.Answer((int) outcome.status(), outcome.text().getBytes(StandardCharsets.UTF_8), -1, "");
    }

    private record Outcome(long status, String text) {}

    private Outcome deliver(BatchId batch, byte[] body) {
        var outcome = server.get().map(backend -> take(backend, batch, body)).orElse(new Outcome(NOBODY, ""));
        note(outcome.text());
        return outcome;
    }

    private Outcome take(SimulatedBackend backend, BatchId batch, byte[] body) {
        try {
            var receipt = backend.take(batch, body);
            delivered++;
            return new Outcome(200, receipt.toJson().toText());
        } catch (Refused refused) {
            return switch (refused.reason()) {
                case UNREADABLE -> new Outcome(400, "{}");
                case TOO_LARGE -> new Outcome(413, "{}");
                case BUSY -> new Outcome(429, "{}");
                case NO_ROOM -> new Outcome(server.get().isEmpty() ? NOBODY : 503, "{}");
            };
        }
    }

    private void note(String what) {
        trace = Mixing.finish(trace * 31 + Mixing.of(what));
    }
}
