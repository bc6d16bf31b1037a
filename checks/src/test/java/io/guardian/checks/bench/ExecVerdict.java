package io.guardian.checks.bench;

import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.NodeSet;
import java.nio.charset.StandardCharsets;
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
 * The verdict on one exec below a node with many children. One image in sixteen deviates; the others are spread evenly
 * over the nodes. Texts are other objects than those of the policy.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ExecVerdict {
    private static final int OBSERVED = 1024;

    @Param({"10", "1000", "10000"})
    int entries;

    /** Percent of the nodes whose name and executable are globs. */
    @Param({"0", "10"})
    int globs;

    private final String[] names = new String[OBSERVED];
    private final String[] exes = new String[OBSERVED];
    private final byte[][] nameBytes = new byte[OBSERVED][];
    private final byte[][] exeBytes = new byte[OBSERVED][];
    private CompiledPolicy policy = CompiledPolicy.compile(MadePolicy.ofChildren(1, 0));
    private NodeSet parent = policy.none();
    private int next;

    @Setup
    public void make() {
        policy = CompiledPolicy.compile(MadePolicy.ofChildren(entries, globs));
        parent = policy.root("init", "/sbin/init", "root");
        var random = new Random(1);
        for (int i = 0; i < OBSERVED; i++) {
            int node = random.nextInt(entries);
            boolean deviates = i % 16 == 0;
            names[i] = MadePolicy.name(node) + (deviates ? "!" : "");
            exes[i] = MadePolicy.exe(node);
            nameBytes[i] = names[i].getBytes(StandardCharsets.UTF_8);
            exeBytes[i] = exes[i].getBytes(StandardCharsets.UTF_8);
        }
    }

    @Benchmark
    public NodeSet verdict() {
        next = next + 1 & OBSERVED - 1;
        return policy.child(parent, names[next], exes[next], "svc");
    }

    /** Together with making the texts from bytes, whose hashes are not known yet. */
    @Benchmark
    public NodeSet decodeAndVerdict() {
        next = next + 1 & OBSERVED - 1;
        var name = new String(nameBytes[next], StandardCharsets.UTF_8);
        var exe = new String(exeBytes[next], StandardCharsets.UTF_8);
        return policy.child(parent, name, exe, "svc");
    }
}
