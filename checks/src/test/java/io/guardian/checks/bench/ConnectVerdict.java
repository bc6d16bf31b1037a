package io.guardian.checks.bench;

import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Connection;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.net.Direction;
import io.guardian.core.net.Protocol;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The verdict on one connection against a policy with one entry for each of many peers. One in sixteen deviates. With
 * globs, one entry in ten is of names under a domain, and every connection has a name that is valid for its address.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ConnectVerdict {
    private static final int OBSERVED = 1024;

    @Param({"10", "1000", "10000"})
    int entries;

    /** Percent of the entries whose peer is a glob. */
    @Param({"0", "10"})
    int globs;

    private final Connection[] observed = new Connection[OBSERVED];
    private CompiledPolicy policy = CompiledPolicy.compile(MadePolicy.ofPeers(1, 0));
    private NodeSet process = policy.none();
    private int next;

    @Setup
    public void make() {
        policy = CompiledPolicy.compile(MadePolicy.ofPeers(entries, globs));
        process = policy.root("init", "/sbin/init", "root");
        var random = new Random(1);
        for (int i = 0; i < OBSERVED; i++) {
            int peer = random.nextInt(entries);
            List<String> names = globs == 0 ? List.of() : List.of("node-" + i + MadePolicy.domain(peer));
            int port = MadePolicy.port(peer) + (i % 16 == 0 ? 1 : 0);
            observed[i] = new Connection(Direction.EGRESS, Protocol.TCP, MadePolicy.address(peer), port, names);
        }
    }

    @Benchmark
    public boolean verdict() {
        next = next + 1 & OBSERVED - 1;
        return policy.allows(observed[next], process);
    }
}
