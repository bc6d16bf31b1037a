package io.guardian.checks.bench;

import io.guardian.core.fingerprint.FingerprintBuilder;
import io.guardian.core.fingerprint.Join;
import io.guardian.core.net.Direction;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.Behaviour;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Joining 1,000 fingerprints of 20 processes and 40 connections each, of which a third are new to the others; the
 * figure is fingerprints a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FingerprintJoin {
    private static final int FINGERPRINTS = 1000;
    private final List<Behaviour> fingerprints = new ArrayList<>();

    @Setup
    public void make() {
        var random = new Random(1);
        for (int i = 0; i < FINGERPRINTS; i++) {
            fingerprints.add(fingerprint(random));
        }
    }

    private static Behaviour fingerprint(Random random) {
        var builder = new FingerprintBuilder();
        var images = new ArrayList<>(List.of(builder.root("server", "/usr/bin/server", "app")));
        while (images.size() < 20) {
            int kind = random.nextInt(30);
            int parent = images.get(random.nextInt(images.size()));
            images.add(builder.child(parent, "tool" + kind, "/usr/bin/tool" + kind, "app"));
        }
        for (int i = 0; i < 40; i++) {
            boolean common = i % 3 != 0;
            int address = 0x0a000000 + (common ? random.nextInt(50) : random.nextInt(1 << 24));
            builder.connection(
                    images.get(random.nextInt(images.size())),
                    common ? Direction.EGRESS : Direction.INGRESS,
                    Protocol.TCP,
                    IpAddress.v4(address),
                    443,
                    "");
        }
        return builder.behaviour();
    }

    @Benchmark
    @OperationsPerInvocation(FINGERPRINTS)
    public Behaviour allAtOnce() {
        return Join.join(fingerprints);
    }
}
