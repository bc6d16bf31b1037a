package io.guardian.checks.bench;

import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.document.Ruleset;
import io.guardian.core.ruleset.CompiledRules;
import io.guardian.core.ruleset.ContainerObject;
import io.guardian.core.ruleset.ContainerVerdict;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * The verdict on one container of a pod by the rules of a cluster policy. One container in sixteen is denied by
 * default. The time of each call is sampled, so that the slow ones show.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RulesetVerdict {
    private static final int OBSERVED = 1024;
    private static final int NAMESPACES = 500;

    @Param({"100", "10000"})
    int rules;

    /**
     * {@code namespaces}: each rule is for one of 500 namespaces, one value in four a glob. {@code pods}: all rules are
     * for the pods of one namespace, by a label. {@code globs}: no rule has a selector, every value is a glob.
     * {@code worst}: every rule matches every container up to its last selector, so that nothing can be left out.
     */
    @Param({"namespaces", "pods", "globs", "worst"})
    String shape = "";

    private CompiledRules compiled = CompiledRules.compile(List.of());
    private final List<ContainerObject> observed = new ArrayList<>();
    private int next;

    @Setup
    public void make() {
        var made = new ArrayList<Rule>();
        for (int i = 0; i < rules; i++) {
            made.add(new Rule(selectors(i), Target.CONTAINER_IMAGE, Verb.ALLOW, List.of(value(i))));
        }
        compiled = CompiledRules.compile(List.of(new Ruleset("rs:1", 1, "bench", "cluster", made)));
        var random = new Random(1);
        for (int i = 0; i < OBSERVED; i++) {
            int rule = random.nextInt(rules);
            String image = "registry.example.net/team" + rule % 100 + "/app" + rule + ":" + (i % 16 == 0 ? "x" : "1");
            observed.add(object(image, "ns" + rule % NAMESPACES, "app" + rule));
        }
    }

    private String value(int rule) {
        String path = "registry.example.net/team" + rule % 100 + "/app" + rule + ":";
        return switch (shape) {
            case "worst" -> "*:?";
            case "globs" -> path + "[0-9]*";
            case "namespaces" -> rule % 4 == 0 ? path + "[0-9]*" : path + "1";
            default -> path + "1";
        };
    }

    private Selectors selectors(int rule) {
        return switch (shape) {
            case "globs" -> Selectors.NONE;
            case "namespaces" ->
                one(
                        io.guardian.core.selector.Scope.NAMESPACE,
                        ContainerObject.NAMESPACE_NAME,
                        "ns" + rule % NAMESPACES);
            case "worst" ->
                new Selectors(Map.of(
                        io.guardian.core.selector.Scope.POD,
                        List.of(
                                new Term("app", Operator.EXISTS, List.of(), Spelling.MATCH_EXPRESSIONS),
                                new Term("app", Operator.NOT_IN, List.of("app*"), Spelling.MATCH_EXPRESSIONS))));
            default -> one(io.guardian.core.selector.Scope.POD, "app", "app" + rule);
        };
    }

    private static Selectors one(io.guardian.core.selector.Scope scope, String key, String value) {
        return new Selectors(Map.of(scope, List.of(new Term(key, Operator.IN, List.of(value), Spelling.MATCH_LABELS))));
    }

    private static ContainerObject object(String image, String namespace, String app) {
        return ContainerObject.of(scope -> switch (scope) {
            case CONTAINER -> new Facts.Present(Map.of("image", List.of(image)));
            case NAMESPACE -> new Facts.Present(Map.of(ContainerObject.NAMESPACE_NAME, List.of(namespace)));
            case POD -> new Facts.Present(Map.of("app", List.of(app)));
            case SERVICE, MACHINE, CLUSTER, PROCESS, TRACE, USER -> Facts.ABSENT;
        });
    }

    @Benchmark
    public ContainerVerdict verdict() {
        next = next + 1 & OBSERVED - 1;
        return compiled.decide(observed.get(next));
    }
}
