package io.guardian.core.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Connection;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.testing.Behaviours;
import io.guardian.core.testing.Sample;
import io.guardian.core.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a workload did while it was learned is allowed by the policy that was learned, image by image. */
class ActivityLawTest {

    static LongStream seeds() {
        return Seeds.of(300);
    }

    /** One image as it was observed: its parent in the list, or -1. */
    private record Image(int parent, String name, String exe, String euser) {
        boolean same(Image other) {
            return name.equals(other.name) && exe.equals(other.exe) && euser.equals(other.euser);
        }
    }

    private record Dialled(int image, Connection connection) {}

    @ParameterizedTest
    @MethodSource("seeds")
    void everything_seen_is_allowed_afterwards(long seed) {
        var made = new Behaviours(seed, false);
        var learned = new ArrayList<Behaviour>();
        var images = new ArrayList<List<Image>>();
        var dialled = new ArrayList<List<Dialled>>();
        for (int instance = 0; instance < 3; instance++) {
            var builder = new FingerprintBuilder();
            var seen = new ArrayList<Image>();
            dialled.add(act(made, builder, seen));
            images.add(seen);
            learned.add(builder.behaviour());
        }
        var policy = CompiledPolicy.compile(Sample.policy(Join.join(learned)));
        for (int instance = 0; instance < 3; instance++) {
            var matched = replay(policy, images.get(instance));
            for (var one : dialled.get(instance)) {
                assertThat(policy.allows(one.connection(), matched.get(one.image())))
                        .as("%s", one)
                        .isTrue();
            }
        }
    }

    private static List<Dialled> act(Behaviours made, FingerprintBuilder builder, List<Image> seen) {
        var handles = new ArrayList<Integer>();
        var dialled = new ArrayList<Dialled>();
        for (int i = 0; i < 40; i++) {
            int parent = made.random().nextInt(seen.size() + 1) - 1;
            // Some forks change nothing, some only the user.
            boolean fork = parent >= 0 && made.random().nextInt(3) == 0;
            var image = fork
                    ? new Image(
                            parent, seen.get(parent).name(), seen.get(parent).exe(), made.user())
                    : new Image(parent, made.name(), made.exe(), made.user());
            seen.add(image);
            handles.add(
                    parent < 0
                            ? builder.root(image.name(), image.exe(), image.euser())
                            : builder.child(handles.get(parent), image.name(), image.exe(), image.euser()));
            var port = made.singlePort();
            var direction = made.random().nextBoolean() ? Direction.EGRESS : Direction.INGRESS;
            var connection = new Connection(direction, port.protocol(), made.address(), port.port(), made.dnsNames());
            String name = connection.names().isEmpty() ? "" : connection.names().getFirst();
            builder.connection(handles.getLast(), direction, port.protocol(), connection.remote(), port.port(), name);
            dialled.add(new Dialled(i, connection));
        }
        return dialled;
    }

    private static List<NodeSet> replay(CompiledPolicy policy, List<Image> images) {
        var matched = new ArrayList<NodeSet>();
        for (var image : images) {
            NodeSet set;
            if (image.parent() < 0) {
                set = policy.root(image.name(), image.exe(), image.euser());
            } else if (image.same(images.get(image.parent()))) {
                set = matched.get(image.parent());
            } else {
                set = policy.child(matched.get(image.parent()), image.name(), image.exe(), image.euser());
            }
            assertThat(policy.allows(set)).as("%s", image).isTrue();
            matched.add(set);
        }
        return matched;
    }
}
