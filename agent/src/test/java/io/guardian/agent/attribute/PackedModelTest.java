package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.event.ExeOrigin;
import io.guardian.core.event.Life;
import io.guardian.core.event.Owner;
import io.guardian.core.event.Place;
import io.guardian.core.event.ProcessModel;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackedModelTest {
    private static final List<String> TEXTS =
            List.of("", "plain", "ümläut and \ud83d\udc33", "\ud800 alone", "a\0b", "x".repeat(4096));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void every_record_comes_back_as_it_was(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            var model = model(random);
            var packed = PackedModel.of(model);
            assertThat(packed.model()).isEqualTo(model);
            assertThat(packed.uid()).isEqualTo(model.id());
            assertThat(packed.name()).isEqualTo(model.name());
            assertThat(packed.fromMicros()).isEqualTo(model.life().fromMicros());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void a_packed_record_changes_and_ends_as_one_that_is_not(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            var model = model(random);
            var one = new ImageRecord(new ProcessKey(7, 7), model);
            var other = new ImageRecord(new ProcessKey(7, 7), model);
            other.pack(new TextRoom());
            assertThat(other.ancestorsBelow()).isEqualTo(one.ancestorsBelow());
            assertThat(other.hasSocket("packet", 5)).isEqualTo(one.hasSocket("packet", 5));
            other.pack(new TextRoom());
            assertThat(other.left(9, 256)).isPresent().isEqualTo(one.left(9, 256));
        }
    }

    @Test
    void long_arguments_of_very_many_take_no_more_than_their_room() {
        var room = new TextRoom();
        var random = new Random(7);
        var records = new ArrayList<ImageRecord>();
        for (int i = 0; i < 2 * TextRoom.CHARS_MAX / 4_000; i++) {
            var record =
                    new ImageRecord(new ProcessKey(i, i), withArgs(model(random), List.of("sleep", "9".repeat(4_000))));
            record.pack(room);
            records.add(record);
        }
        assertThat(room.taken()).isBetween((long) TextRoom.CHARS_MAX - 5_000, (long) TextRoom.CHARS_MAX);
        assertThat(room.cut()).isPositive();
        var first = records.getFirst().model();
        assertThat(first.args().getLast()).hasSize(4_000);
        var last = records.getLast().model();
        assertThat(last.args()).containsExactly("sleep", "9".repeat(122) + "…");
        records.forEach(record -> record.left(9, ImageRecord.NO_EXIT));
        assertThat(room.taken()).isZero();
    }

    private static ProcessModel withArgs(ProcessModel model, List<String> args) {
        return new ProcessModel(
                model.life(),
                model.owner(),
                model.place(),
                model.name(),
                model.exe(),
                model.origin(),
                args,
                model.script(),
                model.pid(),
                model.ppid(),
                model.ppuid(),
                model.users(),
                model.cwd(),
                model.ancestors(),
                model.interactive(),
                model.otherSockets(),
                model.exit());
    }

    private static ProcessModel model(Random random) {
        var owner = new Owner("mach:abc", "/a.service", "", "", "/a.service", "fprint:1");
        var ancestors = IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> new ProcessModel.Ancestor("proc:abc:x:" + random.nextInt(9), text(random)))
                .toList();
        String ppuid = switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> ancestors.isEmpty() ? "" : ancestors.getFirst().uid();
            default -> "proc:abc:y:1";
        };
        return new ProcessModel(
                life(random),
                owner,
                new Place("1", "2", random.nextBoolean(), random.nextBoolean()),
                text(random),
                text(random),
                ExeOrigin.UNKNOWN,
                texts(random),
                text(random),
                random.nextInt(),
                random.nextInt(),
                ppuid,
                new ProcessModel.Users("", "root", -1, 0, 0, 0, ""),
                text(random),
                ancestors,
                random.nextBoolean(),
                texts(random),
                random.nextInt(3) - 1);
    }

    private static Life life(Random random) {
        long from = random.nextBoolean() ? random.nextLong(1L << 52) : random.nextInt(10);
        long time = random.nextInt(4) == 0 ? random.nextLong() >> 1 : from + random.nextInt(1000);
        long version = random.nextInt(4) == 0 ? random.nextLong() : from / 1000 + random.nextInt(3);
        String id = random.nextBoolean() ? "proc:abc:awKb:12.1" : text(random);
        return new Life(id, version, time, from, random.nextBoolean() ? Life.OPEN : time);
    }

    private static List<String> texts(Random random) {
        return IntStream.range(0, random.nextInt(5)).mapToObj(i -> text(random)).toList();
    }

    private static String text(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
