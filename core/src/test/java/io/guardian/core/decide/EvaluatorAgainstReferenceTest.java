package io.guardian.core.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.Switches.Directions;
import io.guardian.core.testing.Behaviours;
import io.guardian.core.testing.ReferenceEvaluator;
import io.guardian.core.testing.ReferenceEvaluator.Placed;
import io.guardian.core.testing.Sample;
import io.guardian.core.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The compiled policy says what the plainly written rules say, for policies and observations at random. */
class EvaluatorAgainstReferenceTest {

    static LongStream seeds() {
        return Seeds.of(300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void compiled_and_plain_evaluation_agree(long seed) {
        var made = new Behaviours(seed, true);
        var policy = Sample.policy(made.next(), switches(made));
        var compiled = CompiledPolicy.compile(policy);
        var reference = new ReferenceEvaluator(policy);
        var images = new ArrayList<NodeSet>();
        var expected = new ArrayList<List<Placed>>();
        for (int i = 0; i < 60; i++) {
            String name = made.name();
            String exe = made.exe();
            String user = made.user();
            int parent = images.isEmpty() ? -1 : made.random().nextInt(images.size() + 1) - 1;
            boolean uncertain = made.random().nextInt(8) == 0;
            images.add(
                    uncertain
                            ? compiled.uncertain(name, exe, user)
                            : parent < 0
                                    ? compiled.root(name, exe, user)
                                    : compiled.child(images.get(parent), name, exe, user));
            expected.add(
                    uncertain
                            ? reference.anywhere(name, exe, user)
                            : parent < 0
                                    ? reference.roots(name, exe, user)
                                    : reference.children(expected.get(parent), name, exe, user));
            assertThat(ids(compiled, images.getLast()))
                    .as("%s %s %s", name, exe, user)
                    .containsExactlyInAnyOrderElementsOf(expected.getLast().stream()
                            .map(placed -> placed.node().id())
                            .toList());
            compareNetwork(made, compiled, reference, images.getLast(), expected.getLast());
        }
    }

    private static void compareNetwork(
            Behaviours made,
            CompiledPolicy compiled,
            ReferenceEvaluator reference,
            NodeSet image,
            List<Placed> expected) {
        for (int k = 0; k < 20; k++) {
            var port = made.singlePort();
            var direction = made.random().nextBoolean() ? Direction.EGRESS : Direction.INGRESS;
            var connection = new Connection(direction, port.protocol(), made.address(), port.port(), made.dnsNames());
            assertThat(compiled.allows(connection, image))
                    .as("%s", connection)
                    .isEqualTo(reference.allows(connection, expected));
            assertThat(compiled.allowsSocket(image, port.protocol(), port.port()))
                    .as("socket %s", port)
                    .isEqualTo(reference.allowsSocket(expected, port));
        }
    }

    private static List<String> ids(CompiledPolicy compiled, NodeSet set) {
        return IntStream.range(0, set.size())
                .mapToObj(i -> compiled.node(set.node(i)).id())
                .toList();
    }

    private static Switches switches(Behaviours made) {
        if (made.random().nextInt(3) != 0) {
            return Switches.NONE;
        }
        var values = Directions.values();
        return new Switches(
                made.random().nextInt(4) == 0,
                Directions.NONE,
                values[made.random().nextInt(values.length)],
                values[made.random().nextInt(values.length)]);
    }
}
