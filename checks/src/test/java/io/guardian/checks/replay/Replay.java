package io.guardian.checks.replay;

import io.guardian.agent.act.Acting;
import io.guardian.agent.act.Actions;
import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.BootClock;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.run.AgentCore;
import io.guardian.agent.run.Ports;
import io.guardian.agent.send.Sender;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.checks.fixture.agent.AgentParts;
import io.guardian.checks.fixture.agent.MadeTime;
import io.guardian.checks.fixture.agent.NoUsage;
import io.guardian.checks.fixture.agent.RingSource;
import io.guardian.checks.fixture.agent.TakingServer;
import io.guardian.core.policy.Action;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.ebpf.MemoryRing;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.RingTap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
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
        long bootWallMicros = recording.number(Recording.BOOT_WALL_MICROS);
        var workloads = new RecordedWorkloads(() -> bootWallMicros + now / 1000);
        var parts = AgentParts.of(
                new AgentParts.Machine(
                        new AgentIdentity("agent:recorded", "mach:recorded", "org", "recorded", "", ""),
                        new BootClock(recording.text(Recording.BOOT_ID), bootWallMicros),
                        recording.text(Recording.KERNEL)),
                new Ports(
                        new RingSource(reader, () -> now),
                        workloads,
                        new Hand(),
                        new Look(),
                        AgentParts.surroundings(recording.root()),
                        new MadeTime(() -> now, nanos -> now += nanos),
                        new NoUsage()),
                folder,
                new TakingServer(this::take),
                new SplittableRandom(1),
                out);
        core = parts.core();
        sender = parts.sender();
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

    private void take(byte[] body) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                sent.add(JsonReader.readObject(line));
            }
        } catch (JsonSyntaxException broken) {
            throw new IllegalStateException(broken);
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
}
