package io.guardian.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortRangeTest {

    @Test
    void both_ends_belong_to_the_range() {
        var range = new PortRange(Protocol.TCP, 80, 90);

        assertThat(Stream.of(79, 80, 90, 91).map(port -> range.contains(Protocol.TCP, port)))
                .containsExactly(false, true, true, false);
        assertThat(range.contains(Protocol.UDP, 85)).isFalse();
    }

    @Test
    void range_holds_what_lies_inside_it_and_has_its_protocol() {
        var range = new PortRange(Protocol.UDP, 80, 90);

        assertThat(range.contains(range)).isTrue();
        assertThat(range.contains(PortRange.of(Protocol.UDP, 90))).isTrue();
        assertThat(range.contains(new PortRange(Protocol.UDP, 85, 91))).isFalse();
        assertThat(range.contains(PortRange.of(Protocol.TCP, 85))).isFalse();
    }

    @Test
    void order_is_protocol_then_first_then_last_port() {
        var inOrder = Stream.of(
                        PortRange.of(Protocol.TCP, 9),
                        PortRange.of(Protocol.TCP, 80),
                        new PortRange(Protocol.TCP, 80, 81),
                        PortRange.of(Protocol.UDP, 1))
                .toList();

        assertThat(inOrder.reversed().stream().sorted()).isEqualTo(inOrder);
        assertThat(inOrder.get(2)).hasToString("TCP 80-81");
        assertThat(inOrder.getFirst()).hasToString("TCP 9");
    }

    @Test
    void ends_in_the_wrong_order_or_out_of_bounds_are_a_fault() {
        assertThatThrownBy(() -> new PortRange(Protocol.TCP, 90, 80)).hasMessage("ports 90 to 80 are not a range");
        assertThatThrownBy(() -> PortRange.of(Protocol.TCP, 65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PortRange.of(Protocol.TCP, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
