package io.guardian.agent.attribute.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers that nobody asked for, and others that are made to deceive. */
final class ForgedDnsTest extends AskingOneResolver {
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
    void a_question_is_answered_once() {
        ask(1, "a.example", 0, "a.example A 60 192.0.2.7");
        assertThat(names.answered(ENDS, message(1, true, "a.example", "a.example A 60 192.0.2.8"), 1))
                .isEqualTo(DnsNames.Outcome.NO_SUCH_QUESTION);
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
    void a_name_with_bytes_that_no_policy_could_mean_is_no_name() {
        for (String odd : List.of("a\tb.example", "a\u00ffb.example", "*.\u0000.example")) {
            assertThat(ask(1, odd, 0, odd + " A 60 192.0.2.7")).as(odd).isEqualTo(DnsNames.Outcome.UNREADABLE);
        }
        assertThat(ask(1, "_sip._udp.a-b.example", 0, "_sip._udp.a-b.example A 60 192.0.2.7"))
                .isEqualTo(DnsNames.Outcome.TAKEN);
    }
}
