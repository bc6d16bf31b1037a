package io.guardian.checks.replay;

import io.guardian.agent.act.Acting;
import io.guardian.agent.act.Actions;
import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.BootClock;
import io.guardian.agent.attribute.MountPoints;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.attribute.Surroundings;
import io.guardian.agent.attribute.UserNumbers;
import io.guardian.agent.control.MachineInfo;
import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.log.Log;
import io.guardian.agent.run.AgentCore;
import io.guardian.agent.run.Inbox;
import io.guardian.agent.run.Ports;
import io.guardian.agent.run.Time;
import io.guardian.agent.run.Usage;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.Sender;
import io.guardian.agent.send.ServerCalls;
import io.guardian.agent.send.ServerClient;
import io.guardian.agent.send.Spool;
import io.guardian.agent.state.BootState;
import io.guardian.agent.state.StateLog;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.event.MachineModel;
import io.guardian.core.policy.Action;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.ebpf.MemoryRing;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.RingTap;
import io.guardian.ebpf.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** The agent's real parts, reading a recording as if it happened now; its clock goes as the records say. */
final class Replay {
    private static final int RING_BYTES = 8 << 20;
    private static final long ROUND_NANOS = 1_000_000;
    private static final long AFTERWARDS_NANOS = 100_000_000;
    private static final int ROUNDS_AFTERWARDS = 1200;

    private final Recording recording;
    private final MemoryRing ring = new MemoryRing(RING_BYTES);
    private final MemoryRing.Reader reader;
    private final List<Json.Obj> sent = new ArrayList<>();
    private final AgentCore core;
    private final Sender sender;
    private long now;

    private Replay(Recording recording, Path folder, PrintStream out) throws IOException {
        this.recording = recording;
        now = recording.number(Recording.START_NANOS);
        reader = ring.reader(recording.number(Recording.EPOCH_NANOS));
        var random = new SplittableRandom(1);
        var log = new Log(out, Clock.systemUTC(), Log.Level.WARN);
        var spool = Spool.open(folder.resolve("spool"), 64 << 20, random);
        sender = new Sender(spool, new Taker(), new Credential("token", () -> "token"), new Backoff(random), log);
        long bootWallMicros = recording.number(Recording.BOOT_WALL_MICROS);
        var workloads = new RecordedWorkloads(() -> bootWallMicros + now / 1000);
        var surroundings = new Surroundings(UserNames.NONE, recording.root(), MountPoints.NONE, UserNumbers.NONE);
        core = new AgentCore(
                new Ports(
                        new Source(), workloads, new Hand(), new Look(), surroundings, new Clockwork(), new NoUsage()),
                new AgentCore.Files(spool, StateLog.open(folder.resolve("state.log")), sender),
                new BootState(new BootClock(recording.text(Recording.BOOT_ID), bootWallMicros), new byte[16], false),
                new AgentIdentity("agent:recorded", "mach:recorded", "org", "recorded", "", ""),
                new MachineInfo(
                        "0123456789abcdef0123456789abcdef",
                        "recorded",
                        new MachineModel.Os("Linux", "linux", "1"),
                        recording.text(Recording.KERNEL),
                        "amd64",
                        "none",
                        2,
                        1 << 30,
                        List.of()),
                "0",
                new Inbox(),
                log);
        workloads.listen(core.listener());
    }

    /**
     * All that the agent would send, in its order.
     *
     * @param folder for its files
     * @param out for what it warns of
     */
    static List<Json.Obj> run(Recording recording, Path folder, PrintStream out) throws IOException {
        var replay = new Replay(recording, folder, out);
        replay.core.start();
        replay.happen();
        replay.settle();
        replay.reader.close();
        return replay.sent;
    }

    private void happen() {
        long next = now;
        for (var record : recording.records()) {
            now = Math.max(now, RingTap.bootNanos(record));
            if (now >= next) {
                core.cycle();
                next = now + ROUND_NANOS;
            }
            if (!ring.write(record)) {
                throw new IllegalStateException("the recording doesn't fit the ring");
            }
        }
    }

    /** Long enough for everything that waits for something that could still come. */
    private void settle() {
        for (int i = 0; i < ROUNDS_AFTERWARDS; i++) {
            now += AFTERWARDS_NANOS;
            core.cycle();
            try {
                sender.turn(0);
            } catch (InterruptedException stopping) {
                throw new IllegalStateException(stopping);
            }
        }
        if (ring.usedBytes() != 0) {
            throw new IllegalStateException("the agent left something in the ring");
        }
    }

    private final class Source implements RecordSource {
        @Override
        public int poll(Duration timeout, RecordConsumer consumer) {
            return reader.poll(consumer);
        }

        @Override
        public void release(long position) {
            reader.release(position);
        }

        /** Nothing ran when it began. */
        @Override
        public Snapshot snapshot() {
            return new Snapshot(now, List.of(), List.of(), List.of());
        }

        @Override
        public void sweep() {
            // What a sweep found is among the records.
        }

        @Override
        public Map<String, Long> losses() {
            var all = new TreeMap<String, Long>();
            reader.malformed().forEach((flaw, count) -> all.put("malformed." + flaw, count));
            return all;
        }

        @Override
        public String kind() {
            return "ebpf";
        }

        @Override
        public boolean isComplete() {
            return true;
        }

        @Override
        public List<String> limits() {
            return List.of();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /** A server that takes everything. */
    private final class Taker implements ServerCalls {
        @Override
        public ServerClient.Answer get(String path, String token, Map<String, String> headers, int readMillis)
                throws IOException {
            throw new IOException("nothing is asked for here");
        }

        @Override
        public ServerClient.Answer post(
                String path, String token, Map<String, String> headers, byte[] body, int readMillis)
                throws IOException {
            try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
                for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList()) {
                    sent.add(JsonReader.readObject(line));
                }
            } catch (JsonSyntaxException broken) {
                throw new IllegalStateException(broken);
            }
            return new ServerClient.Answer(200, "{}".getBytes(StandardCharsets.UTF_8), -1, "");
        }
    }

    private final class Clockwork implements Time {
        @Override
        public long bootNanos() {
            return now;
        }

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void pause(long nanos) {
            now += nanos;
        }
    }

    /** All of it is long over. */
    private static final class Look implements ProcessTracker.ProcessLook {
        @Override
        public Optional<ProcessImage> at(ProcessKey key) {
            return Optional.empty();
        }

        @Override
        public boolean isAlive(ProcessKey key) {
            return false;
        }
    }

    private static final class Hand implements Acting {
        @Override
        public Actions.Result run(Action action, ProcessKey target, CgroupPath cgroup, String policyUid) {
            throw new IllegalStateException(
                    "without a policy nothing is to be done, but `" + action + "` was asked for");
        }

        @Override
        public void protect(Set<String> executables) {
            // Nothing is ever signalled.
        }
    }

    private static final class NoUsage implements Usage {
        @Override
        public Duration cpuTime() {
            return Duration.ZERO;
        }

        @Override
        public long residentBytes() {
            return 0;
        }
    }
}
