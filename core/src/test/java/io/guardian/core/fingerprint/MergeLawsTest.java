package io.guardian.core.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Connection;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.testing.Behaviours;
import io.guardian.core.testing.Sample;
import io.guardian.core.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After a merge the incoming is allowed, everything before still is, and merging again changes nothing. */
class MergeLawsTest {

    static LongStream seeds() {
        return Seeds.of(400);
    }

    private static Merge.Result merge(WorkloadPolicy base, Behaviour incoming) {
        var source = new Source(
                PolicyType.CONTAINER, "cart", base.selectors(), Switches.NONE, incoming, Map.of(), false, false, 0);
        return Merge.merge(base, List.of(new Merge.Incoming.Document(source)), false);
    }

    /** Fingerprints list no sockets. */
    private static ProcessNode withoutSockets(ProcessNode node) {
        return new ProcessNode(
                node.name(),
                node.exe(),
                node.id(),
                node.euser(),
                ListeningSockets.ANY,
                node.children().stream().map(MergeLawsTest::withoutSockets).toList());
    }

    private static Behaviour fingerprint(Behaviours made) {
        var behaviour = made.next();
        return new Behaviour(
                behaviour.processes().stream()
                        .map(MergeLawsTest::withoutSockets)
                        .toList(),
                behaviour.egress(),
                behaviour.ingress());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_incoming_is_allowed_and_merging_again_changes_nothing(long seed) {
        var base = Sample.policy(new Behaviours(seed, true).next());
        var incoming = fingerprint(new Behaviours(seed + 1000, seed % 2 == 0));
        var merged = merge(base, incoming);
        assertThat(merged.notices()).isEmpty();
        assertThat(new Coverage(merged.policy()).allows(Patch.of(incoming)))
                .as("the incoming is allowed")
                .isTrue();
        assertThat(merge(merged.policy(), incoming).changed()).as("again").isFalse();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void what_was_allowed_before_still_is(long seed) {
        var made = new Behaviours(seed, true);
        var base = Sample.policy(made.next());
        var merged = merge(base, fingerprint(new Behaviours(seed + 1000, true))).policy();
        var before = CompiledPolicy.compile(base);
        var after = CompiledPolicy.compile(merged);
        var matched = new ArrayList<NodeSet>();
        var later = new ArrayList<NodeSet>();
        for (int i = 0; i < 40; i++) {
            String name = made.name();
            String exe = made.exe();
            String user = made.user();
            int parent = made.random().nextInt(matched.size() + 1) - 1;
            matched.add(parent < 0 ? before.root(name, exe, user) : before.child(matched.get(parent), name, exe, user));
            later.add(parent < 0 ? after.root(name, exe, user) : after.child(later.get(parent), name, exe, user));
            if (before.allows(matched.getLast())) {
                assertThat(after.allows(later.getLast())).isTrue();
                network(made, before, matched.getLast(), after, later.getLast());
            }
        }
        assertThat(merged.behaviour().nodes().map(ProcessNode::id))
                .containsAll(base.behaviour().nodes().map(ProcessNode::id).toList())
                .doesNotHaveDuplicates();
    }

    private static void network(
            Behaviours made, CompiledPolicy before, NodeSet matched, CompiledPolicy after, NodeSet later) {
        for (int k = 0; k < 20; k++) {
            var port = made.singlePort();
            var direction = made.random().nextBoolean() ? Direction.EGRESS : Direction.INGRESS;
            var connection = new Connection(direction, port.protocol(), made.address(), port.port(), made.dnsNames());
            if (before.allows(connection, matched)) {
                assertThat(after.allows(connection, later)).as("%s", connection).isTrue();
            }
            if (before.allowsSocket(matched, port.protocol(), port.port())) {
                assertThat(after.allowsSocket(later, port.protocol(), port.port()))
                        .isTrue();
            }
        }
    }
}
