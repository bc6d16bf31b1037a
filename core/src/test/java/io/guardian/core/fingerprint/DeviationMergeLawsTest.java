package io.guardian.core.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Connection;
import io.guardian.core.decide.Deviation;
import io.guardian.core.decide.Deviations;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.decide.Observed;
import io.guardian.core.net.Direction;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.testing.Behaviours;
import io.guardian.core.testing.Sample;
import io.guardian.core.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A deviation, merged, makes what was refused allowed; and it matters exactly as long as it is refused. */
class DeviationMergeLawsTest {

    static LongStream seeds() {
        return Seeds.of(300);
    }

    private static WorkloadPolicy mergeRelevant(WorkloadPolicy policy, Deviation deviation) {
        assertThat(new Relevance(policy).isRelevant(deviation.patch()))
                .as("relevant")
                .isTrue();
        var merged = Merge.merge(
                policy,
                List.of(new Merge.Incoming.Deviation("dev:1", deviation.policyUid(), deviation.patch())),
                false);
        assertThat(merged.changed()).isTrue();
        assertThat(new Relevance(merged.policy()).isRelevant(deviation.patch()))
                .as("no longer")
                .isFalse();
        return merged.policy();
    }

    /** The chain as another policy sees it. */
    private static List<NodeSet> matched(CompiledPolicy policy, List<Observed> chain) {
        var sets = new ArrayList<NodeSet>();
        for (var image : chain) {
            sets.add(
                    sets.isEmpty()
                            ? policy.root(image.name(), image.exe(), image.euser())
                            : policy.child(sets.getLast(), image.name(), image.exe(), image.euser()));
        }
        return sets;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_merged_deviation_is_allowed_from_then_on(long seed) {
        var made = new Behaviours(seed, true);
        var policy = Sample.policy(made.next());
        var compiled = CompiledPolicy.compile(policy);
        var deviations = new Deviations(compiled);
        var chain = new ArrayList<Observed>();
        for (int depth = 0; depth < 4; depth++) {
            String name = made.name();
            String exe = made.exe();
            String user = made.user();
            var set = chain.isEmpty()
                    ? compiled.root(name, exe, user)
                    : compiled.child(chain.getLast().matched(), name, exe, user);
            chain.add(new Observed(name, exe, user, set));
            var known = List.copyOf(chain);
            if (!compiled.allows(set)) {
                var merged = CompiledPolicy.compile(mergeRelevant(policy, deviations.process(known)));
                assertThat(matched(merged, known)).allMatch(merged::allows);
            }
            network(made, policy, compiled, known);
        }
    }

    private static void network(Behaviours made, WorkloadPolicy policy, CompiledPolicy compiled, List<Observed> chain) {
        var deviations = new Deviations(compiled);
        var set = chain.getLast().matched();
        for (int k = 0; k < 10; k++) {
            var port = made.singlePort();
            var direction = made.random().nextBoolean() ? Direction.EGRESS : Direction.INGRESS;
            var connection = new Connection(direction, port.protocol(), made.address(), port.port(), made.dnsNames());
            if (!compiled.allows(connection, set)) {
                var merged = CompiledPolicy.compile(mergeRelevant(policy, deviations.connection(chain, connection)));
                assertThat(merged.allows(connection, matched(merged, chain).getLast()))
                        .as("%s", connection)
                        .isTrue();
            }
            if (!compiled.allowsSocket(set, port.protocol(), port.port())) {
                var merged = CompiledPolicy.compile(
                        mergeRelevant(policy, deviations.socket(chain, port.protocol(), port.port())));
                assertThat(merged.allowsSocket(matched(merged, chain).getLast(), port.protocol(), port.port()))
                        .isTrue();
            }
        }
    }
}
