package io.guardian.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "0:0:0:1::, 0:0:0:1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
        "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304"
    })
    void address_is_read_and_written_in_its_short_form(String text, String written) {
        assertThat(IpAddress.parse(text)).get().hasToString(written);
        assertThat(IpAddress.parse(written)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ":",
                ":::",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.00",
                "1.2.3.1234",
                "1.2.3.-4",
                " 1.2.3.4",
                "1.2.3.4 ",
                "1..3.4",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1::2::3",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "12345::",
                "g::",
                "::1%eth0",
                "1.2.3.4::",
                "::1.2.3",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "localhost",
                "１.2.3.4",
                "::１"
            })
    void anything_else_is_absent(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void text_agrees_with_the_platform() throws UnknownHostException {
        var random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            var bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(3) == 0 ? bytes[j] : 0;
            }
            var address = IpAddress.of(bytes);

            assertThat(IpAddress.parse(InetAddress.getByAddress(bytes).getHostAddress()))
                    .contains(address);
            assertThat(InetAddress.ofLiteral(address.toString())).isEqualTo(InetAddress.getByAddress(bytes));
        }
    }

    @Test
    void order_is_ipv4_first_then_numeric() {
        var inOrder = Stream.of("0.0.0.1", "9.0.0.0", "10.0.0.0", "200.0.0.0", "::", "::1", "2001:db8::", "ffff::")
                .map(text -> IpAddress.parse(text).orElseThrow())
                .toList();

        assertThat(inOrder.reversed().stream().sorted()).isEqualTo(inOrder);
    }

    @Test
    void bytes_of_another_length_are_a_fault() {
        assertThatThrownBy(() -> IpAddress.of(new byte[5])).hasMessage("an address has 4 or 16 bytes, not 5");
    }
}
