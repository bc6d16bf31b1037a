package io.guardian.agent.attribute.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which names an address has, from questions and their answers. */
final class DnsNamesTest extends AskingOneResolver {
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
    void an_answer_over_tcp_to_a_question_over_tcp_names_the_address() {
        assertThat(names.segment(ENDS, segment(false, 0, message(1, false, "a.example")), 0))
                .isEmpty();
        assertThat(names.segment(
                        ENDS, segment(true, 0, message(1, true, "a.example", "a.example A 60 192.0.2.7")), SECOND))
                .containsExactly(DnsNames.Outcome.TAKEN);
        assertThat(names.of(PEER, 2 * SECOND)).containsExactly("a.example");
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
}
