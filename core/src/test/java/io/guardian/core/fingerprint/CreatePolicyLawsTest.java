package io.guardian.core.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Connection;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.Peer;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.testing.Behaviours;
import io.guardian.core.testing.Sample;
import io.guardian.core.testing.Seeds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A created policy allows everything it was made from, and nothing else. */
class CreatePolicyLawsTest {

    static LongStream seeds() {
        return Seeds.of(300);
    }

    private static WorkloadPolicy create(List<Behaviour> inputs) {
        var sources = inputs.stream()
                .map(behaviour -> new Source(
                        PolicyType.CONTAINER,
                        "cart",
                        Sample.image("registry.example.net/shop/cart:4.2"),
                        Switches.NONE,
                        behaviour,
                        Map.of(),
                        false,
                        false,
                        0))
                .toList();
        return switch (CreatePolicy.create(sources, CreatePolicy.Options.DEFAULT)) {
            case CreatePolicy.Outcome.Created(var policy, var _) -> policy;
            case CreatePolicy.Outcome.Refused(var reason) -> throw new AssertionError(reason);
        };
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everything_in_each_input_is_allowed(long seed) {
        var made = new Behaviours(seed, false);
        var inputs = List.of(made.next(), made.next());
        var policy = create(inputs);
        var compiled = CompiledPolicy.compile(policy);
        for (var input : inputs) {
            assertThat(new Coverage(policy).allows(Patch.of(input))).isTrue();
            var matched = new HashMap<String, Set<NodeSet>>();
            input.processes().forEach(root -> allowed(compiled, root, Set.of(), List.of(), matched));
            connections(compiled, input, matched);
        }
    }

    /** Each executable with each user, below each image that the parent node stands for. */
    private static void allowed(
            CompiledPolicy compiled,
            ProcessNode node,
            Set<NodeSet> parents,
            List<String> inherited,
            Map<String, Set<NodeSet>> matched) {
        var users = node.euser().isEmpty() ? inherited : node.euser();
        var sets = new HashSet<NodeSet>();
        for (var exe : node.exe()) {
            for (var user : users) {
                if (parents.isEmpty()) {
                    sets.add(compiled.root(node.name(), exe, user));
                }
                parents.forEach(parent -> sets.add(compiled.child(parent, node.name(), exe, user)));
            }
        }
        assertThat(sets).as("%s", node.id()).allMatch(compiled::allows);
        matched.put(node.id(), sets);
        node.children().forEach(child -> allowed(compiled, child, sets, users, matched));
    }

    private static void connections(CompiledPolicy compiled, Behaviour input, Map<String, Set<NodeSet>> matched) {
        for (var direction : Direction.values()) {
            input.entries(direction).stream().flatMap(Atom::of).forEach(atom -> {
                var connection = switch (atom.peer()) {
                    case Peer.IpBlock(var cidr, var _) -> connection(direction, atom, cidr.network(), List.of());
                    case Peer.DnsSelector(var names) -> connection(direction, atom, Sample.ip("203.0.113.9"), names);
                };
                assertThat(matched.getOrDefault(atom.process(), Set.of(compiled.none())))
                        .as("%s", atom)
                        .allMatch(process -> compiled.allows(connection, process));
            });
        }
    }

    private static Connection connection(
            Direction direction, Atom atom, io.guardian.core.net.IpAddress remote, List<String> names) {
        return new Connection(
                direction, atom.port().protocol(), remote, atom.port().port(), names);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothing_is_allowed_that_no_input_showed(long seed) {
        var made = new Behaviours(seed, true);
        var inputs = List.of(made.next(), made.next(), made.next());
        var ids = ProcessJoin.join(inputs.stream().map(Behaviour::processes).toList())
                .ids();
        var shown = new HashSet<Object>();
        for (int i = 0; i < inputs.size(); i++) {
            var renamed = ids.get(i);
            shown.addAll(facts(inputs.get(i), renamed));
        }
        var policy = create(inputs);
        assertThat(shown).containsAll(facts(policy.behaviour(), Map.of()));
    }

    private record Fact(String node, String kind, String value) {}

    /** At the grain of a document: one node with one executable, one user, one socket; one atom. */
    private static Set<Object> facts(Behaviour behaviour, Map<String, String> renamed) {
        var facts = new HashSet<Object>();
        behaviour.processes().forEach(root -> facts(root, List.of(), renamed, facts));
        for (var direction : Direction.values()) {
            behaviour.entries(direction).stream()
                    .flatMap(Atom::of)
                    .map(atom -> List.of(direction, atom.renamed(renamed)))
                    .forEach(facts::add);
        }
        return facts;
    }

    private static void facts(
            ProcessNode node, List<String> inherited, Map<String, String> renamed, Set<Object> facts) {
        String id = renamed.getOrDefault(node.id(), node.id());
        var users = node.euser().isEmpty() ? inherited : node.euser();
        node.exe().forEach(exe -> facts.add(new Fact(id, "exe", exe)));
        users.forEach(user -> facts.add(new Fact(id, "euser", user)));
        switch (node.sockets()) {
            case ProcessNode.ListeningSockets.Any() -> facts.add(new Fact(id, "socket", "any"));
            case ProcessNode.ListeningSockets.Listed(var ports) ->
                ports.forEach(port -> facts.add(new Fact(id, "socket", port.toString())));
        }
        node.children().forEach(child -> facts(child, users, renamed, facts));
    }
}
