package io.guardian.agent.workload.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ResolvConfTest {

    @Test
    void servers_are_read_in_order_and_once() {
        assertThat(ResolvConf.parse("""
                        # made by hand
                        search example.net
                        nameserver 10.96.0.10
                        nameserver\t2001:db8::53 trailing
                        nameserver fe80::1%eth0
                        nameserver 10.96.0.10
                        options ndots:5
                        """).addresses()).hasToString("[10.96.0.10, 2001:db8::53, fe80::1]");
    }

    @Test
    void lines_that_name_no_server_are_skipped() {
        assertThat(ResolvConf.parse("""
                         nameserver 10.0.0.1
                        ;nameserver 10.0.0.2
                        nameserver
                        nameserver dns.example.net
                        nameservers 10.0.0.3
                        Nameserver 10.0.0.4
                        """).addresses()).isEmpty();
    }

    @Test
    void at_most_sixteen_servers_count() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append("nameserver 10.0.0.").append(i).append('\n');
        }
        assertThat(ResolvConf.parse(text.toString()).addresses()).hasSize(16);
    }
}
