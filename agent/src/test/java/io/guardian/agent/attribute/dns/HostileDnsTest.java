package io.guardian.agent.attribute.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages that are made to break their reader: it ends, and fills no memory. */
final class HostileDnsTest extends AskingOneResolver {
    @Test
    void a_pointer_may_point_back_through_others_and_not_forward_or_to_itself() {
        // "www" + pointer to "example.net", asked for in full and answered by a pointer to the pointer.
        var good = ByteBuffer.wrap(new byte[] {
            0,
            1,
            (byte) 0x81,
            (byte) 0x80,
            0,
            1,
            0,
            1,
            0,
            0,
            0,
            0,
            1,
            'a',
            1,
            'b',
            0,
            0,
            1,
            0,
            1,
            (byte) 0xc0,
            12,
            0,
            1,
            0,
            1,
            0,
            0,
            0,
            60,
            0,
            4,
            (byte) 192,
            0,
            2,
            7
        });
        names.asked(ENDS, message(1, false, "a.b"), 0);
        assertThat(names.answered(ENDS, good, 0)).isEqualTo(DnsNames.Outcome.TAKEN);
        for (int target : new int[] {21, 22, 23, 36, 37, 0x3fff}) {
            var bad = good.array().clone();
            bad[21] = (byte) (0xc0 | target >> 8);
            bad[22] = (byte) target;
            names.asked(ENDS, message(1, false, "a.b"), 0);
            assertThat(names.answered(ENDS, ByteBuffer.wrap(bad), 0))
                    .as("to %d", target)
                    .isEqualTo(DnsNames.Outcome.NOTHING_IN_IT);
        }
    }

    @Test
    void aliases_that_go_round_in_a_circle_end() {
        assertThat(ask(
                        1,
                        "a.example",
                        0,
                        "a.example CNAME 60 b.example",
                        "b.example CNAME 60 a.example",
                        "b.example A 60 192.0.2.7"))
                .isEqualTo(DnsNames.Outcome.TAKEN);
        assertThat(names.of(PEER, 1)).containsExactly("a.example", "b.example");
    }

    @Test
    void hostile_bytes_are_never_an_error() {
        var random = new Random(7);
        var good = message(1, true, "a.example", "a.example CNAME 60 b.example", "b.example A 60 192.0.2.7")
                .array();
        for (int i = 0; i < 20_000; i++) {
            var bytes = good.clone();
            for (int k = 0; k < 1 + random.nextInt(6); k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            names.answered(
                    ENDS,
                    ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length + 1)).slice(),
                    0);
        }
        // A name that points to itself ends.
        var loop =
                ByteBuffer.wrap(new byte[] {0, 1, (byte) 0x81, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xc0, 12, 0, 1, 0, 1});
        assertThat(names.answered(ENDS, loop, 0)).isEqualTo(DnsNames.Outcome.UNREADABLE);
    }

    @Test
    void names_beyond_the_limit_go_by_their_age_and_are_counted() {
        for (int i = 0; i < 3_000; i++) {
            ask(i, "n" + i + ".example", i * SECOND / 100, "n" + i + ".example A 60 192.0.2.7");
            assertThat(names.nameCount()).isLessThanOrEqualTo(DnsNames.NAMES_MAX);
        }
        assertThat(names.takeForgotten()).isEqualTo(3_000 - names.nameCount());
        assertThat(names.of(PEER, 30 * SECOND))
                .hasSize(names.nameCount())
                .first()
                .isEqualTo("n2999.example");
    }

    @Test
    void one_answer_with_many_aliases_and_addresses_stays_within_the_limits() {
        var records = new java.util.ArrayList<String>();
        for (int i = 0; i < 120; i++) {
            records.add((i == 0 ? "a.example" : "c" + i) + " CNAME 60 c" + (i + 1));
        }
        for (int i = 0; i < 130; i++) {
            records.add("a.example A 60 10.0.0." + i);
        }
        assertThat(ask(1, "a.example", 0, records.toArray(String[]::new))).isEqualTo(DnsNames.Outcome.TAKEN);
        assertThat(names.of(ip("10.0.0.7"), SECOND)).hasSize(32).first().isEqualTo("a.example");
        assertThat(names.pairs()).isEqualTo(32 * 130);
    }

    @Test
    void the_table_stays_bounded() {
        for (int i = 0; i < 30_000; i++) {
            ask(
                    i & 0xffff,
                    "a.example",
                    i * SECOND / 100,
                    "a.example A 60 10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
        }
        assertThat(names.pairs()).isLessThanOrEqualTo(DnsNames.PAIRS_MAX);
    }

    @Test
    void of_many_open_questions_the_newest_are_kept() {
        for (int id = 0; id < 300; id++) {
            names.asked(ENDS, message(id, false, "api.shop.test"), SECOND + id);
        }
        assertThat(names.newestOpen()).hasSize(DnsNames.OPEN_KEPT_MAX);
        assertThat(names.newestOpen().firstEntry().getKey().id()).isEqualTo(300 - DnsNames.OPEN_KEPT_MAX);
        assertThat(names.newestOpen().lastEntry().getKey().id()).isEqualTo(299);
        assertThat(names.takeOpenChanged()).isTrue();
        assertThat(names.takeOpenChanged()).isFalse();
    }
}
