package io.guardian.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.0.2.1, 192.0.2.1/32",
        "2001:db8::1, 2001:db8::1/128",
        "2001:DB8::/32, 2001:db8::/32",
        "::/0, ::/0",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:10.0.0.1, 10.0.0.1/32",
        "::ffff:0:0/96, 0.0.0.0/0"
    })
    void network_is_read_and_written_in_one_form(String text, String written) {
        assertThat(Cidr.parse(text)).get().hasToString(written);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7/8, 10.0.0.0/8",
        "192.168.1.1/31, 192.168.1.0/31",
        "1.2.3.4/0, 0.0.0.0/0",
        "2001:db8::1/64, 2001:db8::/64",
        "ffff::/1, 8000::/1",
        "::1/0, ::/0",
        "::ffff:10.0.0.1/32, ::/32",
        "::ffff:10.0.0.1/88, ::ff00:0:0/88",
        "::ffff:10.0.0.1/104, 10.0.0.0/8"
    })
    void host_bits_are_refused_with_the_network_that_was_meant(String text, String meant) {
        assertThat(Cidr.read(text))
                .isInstanceOfSatisfying(
                        Cidr.Parsed.HostBits.class,
                        found -> assertThat(found.suggestion()).hasToString(meant));
        assertThat(Cidr.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.0/+8",
                "x/8",
                "10.0.0.0/ 8",
                "10.0.0.0/0000",
                "10.0.0.0/255.0.0.0"
            })
    void anything_else_is_unreadable(String text) {
        assertThat(Cidr.read(text)).isEqualTo(new Cidr.Parsed.Unreadable());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "0.0.0.0/0, 255.1.1.1, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 10.0.0.1, false",
        "::/0, ffff::1, true",
        "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff, true",
        "2001:db8::/65, 2001:db8:0:0:8000::, false",
        "192.0.2.1/32, 192.0.2.1, true",
        "192.0.2.1/32, 192.0.2.2, false"
    })
    void address_is_inside_or_not(String network, String address, boolean inside) {
        assertThat(Cidr.parse(network)
                        .orElseThrow()
                        .contains(IpAddress.parse(address).orElseThrow()))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16, true",
        "10.0.0.0/8, 10.0.0.0/8, true",
        "10.1.0.0/16, 10.0.0.0/8, false",
        "10.0.0.0/8, 11.0.0.0/16, false",
        "::/0, 10.0.0.0/8, false",
        "::/0, 2001:db8::/32, true"
    })
    void network_is_inside_or_not(String outer, String inner, boolean inside) {
        assertThat(Cidr.parse(outer).orElseThrow().contains(Cidr.parse(inner).orElseThrow()))
                .isEqualTo(inside);
    }

    @Test
    void order_is_by_address_and_then_the_wider_first() {
        var inOrder = Stream.of("9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "::/0", "::/64", "1::/16")
                .map(text -> Cidr.parse(text).orElseThrow())
                .toList();

        assertThat(inOrder.reversed().stream().sorted()).isEqualTo(inOrder);
    }

    @Test
    void network_with_host_bits_can_not_be_made() {
        var address = IpAddress.parse("10.0.0.1").orElseThrow();

        assertThatThrownBy(() -> new Cidr(address, 8)).hasMessage("`10.0.0.1/8` has host bits set");
        assertThatThrownBy(() -> new Cidr(address, 33)).hasMessage("prefix 33 is outside 0 to 32");
    }
}
