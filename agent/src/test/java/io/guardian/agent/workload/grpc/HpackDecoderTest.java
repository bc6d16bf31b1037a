package io.guardian.agent.workload.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The byte sequences are the examples of RFC 7541, appendix C. */
final class HpackDecoderTest {

    private final HpackDecoder decoder = new HpackDecoder();

    @ParameterizedTest
    @CsvSource({
        "f1e3c2e5f23a6ba0ab90f4ff, www.example.com",
        "a8eb10649cbf, no-cache",
        "25a849e95ba97d7f, custom-key",
        "25a849e95bb8e8b4bf, custom-value",
        "6402, 302",
        "aec3771a4b, private",
        "d07abe941054d444a8200595040b8166e082a62d1bff, 'Mon, 21 Oct 2013 20:13:21 GMT'",
        "9d29ad171863c78f0b97c8e9ae82ae43d3, https://www.example.com",
        "640eff, 307",
        "9bd9ab, gzip",
        "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007, "
                + "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    })
    void compressed_texts_are_read(String coded, String text) throws Http2Exception {
        assertThat(Huffman.decode(HexFormat.of().parseHex(coded)))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"ffffffff", "ff", "1800", "f1e3c2e5f23a6ba0ab90f400"})
    void wrong_padding_and_the_end_symbol_are_refused(String coded) {
        assertThatThrownBy(() -> Huffman.decode(HexFormat.of().parseHex(coded))).isInstanceOf(Http2Exception.class);
    }

    @Test
    void later_blocks_refer_to_fields_of_earlier_ones() throws Http2Exception {
        assertThat(decode("828684410f7777772e6578616d706c652e636f6d"))
                .containsExactly(
                        new Header(":method", "GET"),
                        new Header(":scheme", "http"),
                        new Header(":path", "/"),
                        new Header(":authority", "www.example.com"));
        assertThat(decode("828684be58086e6f2d6361636865"))
                .containsExactly(
                        new Header(":method", "GET"),
                        new Header(":scheme", "http"),
                        new Header(":path", "/"),
                        new Header(":authority", "www.example.com"),
                        new Header("cache-control", "no-cache"));
        assertThat(decode("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565"))
                .containsExactly(
                        new Header(":method", "GET"),
                        new Header(":scheme", "https"),
                        new Header(":path", "/index.html"),
                        new Header(":authority", "www.example.com"),
                        new Header("custom-key", "custom-value"));
    }

    @Test
    void a_table_of_256_bytes_forgets_its_oldest_fields() throws Http2Exception {
        decode("3fe101" + "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54"
                + "6e1768747470733a2f2f7777772e6578616d706c652e636f6d");
        assertThat(decode("4803333037c1c0bf"))
                .containsExactly(
                        new Header(":status", "307"),
                        new Header("cache-control", "private"),
                        new Header("date", "Mon, 21 Oct 2013 20:13:21 GMT"),
                        new Header("location", "https://www.example.com"));
        assertThat(decode("88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f"
                        + "3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076"
                        + "657273696f6e3d31"))
                .containsExactly(
                        new Header(":status", "200"),
                        new Header("cache-control", "private"),
                        new Header("date", "Mon, 21 Oct 2013 20:13:22 GMT"),
                        new Header("location", "https://www.example.com"),
                        new Header("content-encoding", "gzip"),
                        new Header("set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"));
        assertThatThrownBy(() -> decode("c2"))
                .as("the table holds three fields now")
                .isInstanceOf(Http2Exception.class);
    }

    @ParameterizedTest
    @CsvSource({
        "80, points outside the table",
        "be, points outside the table",
        "ffffffffff7f, too large",
        "3fe21f, beyond what was allowed",
        "8220, amid a block",
        "400a6375, ends amid a field",
        "40, ends amid a field",
        "0f, ends amid a field",
    })
    void broken_blocks_are_refused(String block, String why) {
        assertThatThrownBy(() -> decode(block))
                .isInstanceOf(Http2Exception.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_small_block_cannot_swell_without_limit() throws Http2Exception {
        decode("4001617f8101" + "61".repeat(256));
        assertThatThrownBy(() -> decode("be".repeat(10_000))).hasMessageContaining("larger than");
    }

    @Test
    void what_the_encoder_writes_is_read_back() throws Http2Exception {
        List<Header> headers = List.of(
                new Header(":path", "/runtime.v1.RuntimeService/ContainerStatus"),
                new Header("short", ""),
                new Header("n".repeat(126), "v".repeat(127)),
                new Header("n".repeat(128), "v".repeat(20_000)));
        assertThat(decoder.decode(HpackEncoder.encode(headers))).isEqualTo(headers);
    }

    @Test
    void any_bytes_are_either_read_or_refused() {
        Random random = new Random(7541);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] block = new byte[random.nextInt(40)];
            random.nextBytes(block);
            try {
                decoder.decode(block);
            } catch (Http2Exception e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private List<Header> decode(String hex) throws Http2Exception {
        return decoder.decode(HexFormat.of().parseHex(hex));
    }
}
