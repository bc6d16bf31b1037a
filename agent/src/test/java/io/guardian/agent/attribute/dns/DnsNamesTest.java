package io.guardian.agent.attribute.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DnsNamesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final IpAddress RESOLVER = ip("10.0.0.53");
    private static final IpAddress PEER = ip("192.0.2.7");
    private static final DnsNames.Ends ENDS = new DnsNames.Ends(4711, RESOLVER, false);

    private final DnsNames names = new DnsNames(Set.of(RESOLVER));

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    /** A message with one question, and records that each are {@code owner type ttl value}. */
    private static ByteBuffer message(int id, boolean response, String question, String... records) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(12)
                .putShort((short) id)
                .putShort((short) (response ? 0x8180 : 0x0100))
                .putShort((short) 1)
                .putShort((short) records.length)
                .putInt(0)
                .array());
        name(out, question);
        out.writeBytes(
                ByteBuffer.allocate(4).putShort((short) 1).putShort((short) 1).array());
        for (String record : records) {
            var words = record.split(" ", -1);
            name(out, words[0]);
            boolean alias = words[1].equals("CNAME");
            var value = new ByteArrayOutputStream();
            if (alias) {
                name(value, words[3]);
            } else {
                value.writeBytes(address(words[3]));
            }
            out.writeBytes(ByteBuffer.allocate(10)
                    .putShort((short) (alias ? 5 : words[1].equals("AAAA") ? 28 : 1))
                    .putShort((short) 1)
                    .putInt(Integer.parseInt(words[2]))
                    .putShort((short) value.size())
                    .array());
            out.writeBytes(value.toByteArray());
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    private static byte[] address(String text) {
        var address = ip(text);
        return address.isV4()
                ? ByteBuffer.allocate(4).putInt(address.v4Bits()).array()
                : ByteBuffer.allocate(16)
                        .putLong(address.high())
                        .putLong(address.low())
                        .array();
    }

    private static void name(ByteArrayOutputStream out, String name) {
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
    }

    private DnsNames.Outcome ask(int id, String question, long nanos, String... records) {
        names.asked(ENDS, message(id, false, question), nanos);
        return names.answered(ENDS, message(id, true, question, records), nanos);
    }

    @Test
    void an_answer_to_an_open_question_names_the_address() {
        assertThat(ask(1, "Shop.Example.net", 0, "Shop.Example.net A 60 192.0.2.7"))
                .isEqualTo(DnsNames.Outcome.TAKEN);
        assertThat(names.of(PEER, SECOND)).containsExactly("shop.example.net");
    }

    @Test
    void every_name_of_the_alias_chain_counts_and_the_queried_one_comes_first() {
        ask(
                1,
                "www.example.net",
                0,
                "a.cdn.example A 60 192.0.2.7",
                "www.example.net CNAME 60 b.cdn.example",
                "b.cdn.example CNAME 60 a.cdn.example",
                "evil.example A 60 192.0.2.7");
        assertThat(names.of(PEER, SECOND)).containsExactly("www.example.net", "a.cdn.example", "b.cdn.example");
    }

    @Test
    void a_name_holds_for_its_ttl_of_at_least_30_s_and_5_minutes_more() {
        ask(1, "a.example", 0, "a.example A 1 192.0.2.7");
        assertThat(names.of(PEER, 330 * SECOND)).containsExactly("a.example");
        assertThat(names.of(PEER, 330 * SECOND + 1)).isEmpty();
        names.expire(331 * SECOND);
        assertThat(names.pairs()).isZero();
    }

    @Test
    void the_newest_queried_name_is_the_one_to_write() {
        ask(1, "old.example", 0, "old.example A 60 192.0.2.7");
        ask(2, "new.example", SECOND, "new.example A 60 192.0.2.7");
        assertThat(names.of(PEER, 2 * SECOND)).containsExactly("new.example", "old.example");
    }

    @Test
    void an_answer_from_a_stranger_changes_nothing() {
        var stranger = new DnsNames.Ends(ENDS.socket(), ip("10.6.6.6"), false);
        names.asked(stranger, message(1, false, "a.example"), 0);
        assertThat(names.answered(stranger, message(1, true, "a.example", "a.example A 60 192.0.2.7"), 0))
                .isEqualTo(DnsNames.Outcome.NOT_A_RESOLVER);
        assertThat(names.of(PEER, 1)).isEmpty();
    }

    @Test
    void an_answer_to_no_question_changes_nothing() {
        names.asked(ENDS, message(1, false, "a.example"), 0);
        assertThat(names.answered(ENDS, message(2, true, "a.example", "a.example A 60 192.0.2.7"), 0))
                .isEqualTo(DnsNames.Outcome.NO_SUCH_QUESTION);
        assertThat(names.answered(ENDS, message(1, true, "b.example", "b.example A 60 192.0.2.7"), 0))
                .isEqualTo(DnsNames.Outcome.NO_SUCH_QUESTION);
        var other = new DnsNames.Ends(4712, RESOLVER, false);
        assertThat(names.answered(other, message(1, true, "a.example", "a.example A 60 192.0.2.7"), 0))
                .isEqualTo(DnsNames.Outcome.NO_SUCH_QUESTION);
    }

    @Test
    void an_answer_over_loopback_to_a_question_that_went_out_changes_nothing() {
        names.asked(ENDS, message(1, false, "a.example"), 0);
        var byHand = new DnsNames.Ends(ENDS.socket(), RESOLVER, true);
        assertThat(names.answered(byHand, message(1, true, "a.example", "a.example A 60 192.0.2.7"), 0))
                .isEqualTo(DnsNames.Outcome.NO_SUCH_QUESTION);
        assertThat(names.of(PEER, 1)).isEmpty();
    }

    @Test
    void an_answer_with_ipv6_addresses_names_them() {
        names.asked(ENDS, message(1, false, "a.example"), 0);
        assertThat(names.answered(
                        ENDS,
                        message(1, true, "a.example", "a.example CNAME 60 b.example", "b.example AAAA 60 2001:db8::7"),
                        0))
                .isEqualTo(DnsNames.Outcome.TAKEN);
        assertThat(names.of(ip("2001:db8::7"), SECOND)).containsExactly("a.example", "b.example");
    }

    @Test
    void what_is_whole_of_a_truncated_answer_counts_and_the_truncation_is_counted() {
        var whole = message(1, true, "a.example", "a.example A 60 192.0.2.7", "a.example A 60 192.0.2.8")
                .array();
        whole[2] |= 2;
        names.asked(ENDS, message(1, false, "a.example"), 0);
        assertThat(names.answered(
                        ENDS, ByteBuffer.wrap(whole, 0, whole.length - 2).slice(), 0))
                .isEqualTo(DnsNames.Outcome.TAKEN);
        assertThat(names.of(PEER, SECOND)).containsExactly("a.example");
        assertThat(names.of(ip("192.0.2.8"), SECOND)).isEmpty();
        assertThat(names.takeTruncated()).isEqualTo(1);
        assertThat(names.takeTruncated()).isZero();
    }

    @Test
    void a_name_with_bytes_that_no_policy_could_mean_is_no_name() {
        for (String odd : List.of("a\tb.example", "a\u00ffb.example", "*.\u0000.example")) {
            assertThat(ask(1, odd, 0, odd + " A 60 192.0.2.7")).as(odd).isEqualTo(DnsNames.Outcome.UNREADABLE);
        }
        assertThat(ask(1, "_sip._udp.a-b.example", 0, "_sip._udp.a-b.example A 60 192.0.2.7"))
                .isEqualTo(DnsNames.Outcome.TAKEN);
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
    void a_question_is_answered_once() {
        ask(1, "a.example", 0, "a.example A 60 192.0.2.7");
        assertThat(names.answered(ENDS, message(1, true, "a.example", "a.example A 60 192.0.2.8"), 1))
                .isEqualTo(DnsNames.Outcome.NO_SUCH_QUESTION);
    }

    /** The segment of TCP that carries a message behind others of this many bytes. */
    private static DnsNames.Segment segment(boolean answer, int offset, ByteBuffer message) {
        var bytes = ByteBuffer.allocate(2 + message.remaining());
        bytes.putShort((short) message.remaining()).put(message).flip();
        return new DnsNames.Segment(answer, 4_000_000 + offset, offset, bytes);
    }

    @Test
    void an_answer_over_tcp_to_a_question_over_tcp_names_the_address() {
        assertThat(names.segment(ENDS, segment(false, 0, message(1, false, "a.example")), 0))
                .isEmpty();
        assertThat(names.segment(
                        ENDS, segment(true, 0, message(1, true, "a.example", "a.example A 60 192.0.2.7")), SECOND))
                .containsExactly(DnsNames.Outcome.TAKEN);
        assertThat(names.of(PEER, 2 * SECOND)).containsExactly("a.example");
    }

    @Test
    void what_is_forged_over_tcp_changes_nothing() {
        var question = segment(false, 0, message(1, false, "a.example"));
        var answer = segment(true, 0, message(1, true, "a.example", "a.example A 60 192.0.2.7"));
        var stranger = new DnsNames.Ends(ENDS.socket(), ip("10.6.6.6"), false);
        names.segment(stranger, question, 0);
        assertThat(names.segment(stranger, answer, 0)).containsExactly(DnsNames.Outcome.NOT_A_RESOLVER);

        names.segment(ENDS, segment(false, 0, message(1, false, "b.example")), 0);
        assertThat(names.segment(ENDS, segment(true, 0, message(1, true, "a.example", "a.example A 60 192.0.2.7")), 0))
                .as("an answer to what was not asked")
                .containsExactly(DnsNames.Outcome.NO_SUCH_QUESTION);

        var byHand = new DnsNames.Ends(5_000, RESOLVER, true);
        names.segment(new DnsNames.Ends(5_000, RESOLVER, false), segment(false, 0, message(1, false, "a.example")), 0);
        assertThat(names.segment(
                        byHand, segment(true, 0, message(1, true, "a.example", "a.example A 60 192.0.2.7")), 0))
                .as("by another way")
                .containsExactly(DnsNames.Outcome.NO_SUCH_QUESTION);

        var other = new DnsNames.Ends(6_000, RESOLVER, false);
        names.asked(ENDS, message(9, false, "a.example"), 0);
        assertThat(names.segment(other, segment(true, 0, message(9, true, "a.example", "a.example A 60 192.0.2.7")), 0))
                .as("to another socket's question")
                .containsExactly(DnsNames.Outcome.NO_SUCH_QUESTION);
        assertThat(names.of(PEER, 1)).isEmpty();
    }

    /** A resolver hands on what the owner of a domain wrote: text of a record that looks like an answer. */
    @Test
    void an_answer_within_an_answer_is_not_read() {
        names.segment(ENDS, segment(false, 0, message(1, false, "evil.example")), 0);
        names.segment(ENDS, segment(false, 41, message(2, false, "a.example")), 0);
        var inner = segment(true, 0, message(2, true, "a.example", "a.example A 60 192.0.2.7"))
                .bytes();
        var outer = ByteBuffer.allocate(400);
        outer.put(message(1, true, "evil.example"));
        outer.putShort(6, (short) 1);
        outer.putShort((short) 0xc00c).putShort((short) 16).putShort((short) 1).putInt(60);
        outer.putShort((short) inner.remaining()).put(inner).flip();
        var whole = segment(true, 0, outer);
        int size = whole.bytes().remaining();
        // Also when it comes in pieces of which one begins where the inner one does, and when that one comes first.
        int innerAt = size - inner.limit();
        var tail = whole.bytes().duplicate().position(innerAt).slice();
        assertThat(names.segment(ENDS, new DnsNames.Segment(true, 4_000_000 + innerAt, innerAt, tail), 0))
                .isEmpty();
        assertThat(names.segment(ENDS, whole, 0)).containsExactly(DnsNames.Outcome.NOTHING_IN_IT);
        assertThat(names.of(PEER, 1)).isEmpty();
    }

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
    void an_answer_to_a_question_of_an_earlier_run_counts() {
        names.asked(ENDS, message(7, false, "api.shop.test"), SECOND);
        var later = new DnsNames(Set.of(RESOLVER));
        names.newestOpen().forEach(later::ask);
        var answer = message(7, true, "api.shop.test", "api.shop.test A 60 192.0.2.7");
        assertThat(later.answered(ENDS, answer, 2 * SECOND)).isEqualTo(DnsNames.Outcome.TAKEN);
        assertThat(later.of(PEER, 2 * SECOND)).containsExactly("api.shop.test");
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
