package io.guardian.agent.workload.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtoReaderTest {

    @Test
    void fields_are_found_by_number() {
        byte[] message = new ProtoWriter()
                .text(1, "cart")
                .number(2, 300)
                .number(7, -1)
                .text(3, "a")
                .text(3, "b")
                .message(4, new ProtoWriter().text(1, "inner"))
                .message(5, new ProtoWriter().text(1, "k1").text(2, "v1"))
                .message(5, new ProtoWriter().text(1, "k2").text(2, ""))
                .toBytes();
        ProtoReader read = ProtoReader.of(message);
        assertThat(read.isWhole()).isTrue();
        assertThat(read.text(1)).isEqualTo("cart");
        assertThat(read.number(2)).isEqualTo(300);
        assertThat(read.number(7)).isEqualTo(-1);
        assertThat(read.texts(3)).containsExactly("a", "b");
        assertThat(read.message(4).text(1)).isEqualTo("inner");
        assertThat(read.map(5))
                .containsEntry("k1", "v1")
                .containsEntry("k2", "")
                .hasSize(2);
    }

    @Test
    void absent_fields_have_their_default() {
        ProtoReader read = ProtoReader.of(new byte[0]);
        assertThat(read.isWhole()).isTrue();
        assertThat(read.text(1)).isEmpty();
        assertThat(read.number(1)).isZero();
        assertThat(read.messages(1)).isEmpty();
        assertThat(read.message(1).text(1)).isEmpty();
        assertThat(read.bytes(1)).isEmpty();
    }

    @Test
    void of_a_field_sent_twice_the_last_value_counts() {
        byte[] message = new ProtoWriter()
                .text(1, "first")
                .text(1, "last")
                .number(2, 1)
                .number(2, 2)
                .toBytes();
        assertThat(ProtoReader.of(message).text(1)).isEqualTo("last");
        assertThat(ProtoReader.of(message).number(2)).isEqualTo(2);
    }

    @Test
    void unknown_types_of_fixed_size_are_passed_over() {
        byte[] message = HexFormat.of().parseHex("09" + "0102030405060708" + "15" + "01020304" + "1a0161");
        assertThat(ProtoReader.of(message).isWhole()).isTrue();
        assertThat(ProtoReader.of(message).text(3)).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0a",
                "0a05",
                "0a0561",
                "08",
                "08ff",
                "08ffffffffffffffffffff01",
                "0affffffff0f",
                "0affffffffffffffffff01",
                "0901",
                "15010203",
                "0b",
                "0f00",
                "0001",
            })
    void broken_messages_are_said_to_be_broken(String hex) {
        assertThat(ProtoReader.of(HexFormat.of().parseHex(hex)).isWhole()).isFalse();
    }

    @Test
    void what_stands_before_the_break_counts() {
        byte[] message = new ProtoWriter().text(1, "cart").text(2, "cut").toBytes();
        ProtoReader read = ProtoReader.of(Arrays.copyOf(message, message.length - 1));
        assertThat(read.isWhole()).isFalse();
        assertThat(read.text(1)).isEqualTo("cart");
        assertThat(read.text(2)).isEmpty();
    }

    @Test
    void any_bytes_can_be_asked_for_anything() {
        Random random = new Random(90);
        int whole = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] message = new byte[random.nextInt(30)];
            random.nextBytes(message);
            ProtoReader read = ProtoReader.of(message);
            read.text(1);
            read.map(2);
            read.number(3);
            read.message(4).bytes(5);
            whole += read.isWhole() ? 1 : 0;
        }
        assertThat(whole).isBetween(1, 49_999);
    }
}
