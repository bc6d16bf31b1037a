package io.guardian.agent.workload.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class GrpcClientTest {

    private static final byte[] REQUEST = "request".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANSWER = "answer".getBytes(StandardCharsets.UTF_8);
    private static final Header OK = new Header(":status", "200");

    @TempDir
    private Path folder;

    private List<AutoCloseable> open = List.of();

    @BeforeEach
    void start() throws Exception {
        ScriptedPeer peer = new ScriptedPeer(folder.resolve("s"));
        open = List.of(new GrpcClient(peer.socket(), Duration.ofSeconds(20)), peer);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private ScriptedPeer peer() {
        return (ScriptedPeer) open.getLast();
    }

    private GrpcAnswer call() {
        return ((GrpcClient) open.getFirst()).call("pkg.Service/Method", REQUEST, Map.of("x-more", "1"));
    }

    @Test
    void a_call_sends_the_request_and_brings_the_answer() throws Exception {
        peer().on((connection, stream) -> {
            connection.good(stream, ANSWER);
            return true;
        });
        assertThat(text(call())).containsExactly("answer");
        List<Header> headers =
                new HpackDecoder().decode(peer().next(Frame.HEADERS).payload());
        assertThat(headers)
                .contains(
                        new Header(":method", "POST"),
                        new Header(":path", "/pkg.Service/Method"),
                        new Header("content-type", "application/grpc"),
                        new Header("te", "trailers"),
                        new Header("x-more", "1"));
        assertThat(peer().next(Frame.DATA).payload()).isEqualTo(ScriptedPeer.framed(REQUEST));
    }

    @Test
    void one_connection_serves_several_calls() throws Exception {
        for (int i = 0; i < 3; i++) {
            peer().on((connection, stream) -> {
                connection.good(stream, new byte[] {(byte) ('0' + stream)});
                return true;
            });
        }
        assertThat(text(call())).containsExactly("1");
        assertThat(text(call())).containsExactly("3");
        assertThat(text(call())).containsExactly("5");
    }

    @Test
    void an_answer_in_pieces_between_other_frames_is_put_together() throws Exception {
        peer().on((connection, stream) -> {
            connection.send(Frame.SETTINGS, 0, 0, new byte[0]);
            byte[] block = HpackEncoder.encode(List.of(OK, new Header("content-type", "application/grpc")));
            byte[] padded = ByteBuffer.allocate(1 + 5 + 4 + 3)
                    .put((byte) 3)
                    .putInt(0)
                    .put((byte) 16)
                    .put(block, 0, 4)
                    .array();
            connection.send(Frame.HEADERS, Frame.PADDED | Frame.PRIORITY, stream, padded);
            connection.send(Frame.CONTINUATION, 0, stream, Arrays.copyOfRange(block, 4, 9));
            connection.send(Frame.CONTINUATION, Frame.END_HEADERS, stream, Arrays.copyOfRange(block, 9, block.length));
            connection.send(Frame.PING, 0, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            connection.send(99, 0x55, stream, new byte[] {1, 2, 3});
            for (byte one : ScriptedPeer.framed(ANSWER)) {
                connection.send(Frame.DATA, 0, stream, new byte[] {one});
            }
            connection.send(Frame.DATA, Frame.PADDED, stream, new byte[] {2, 0, 0, 0, 0, 0, 0, 0});
            connection.headers(stream, Frame.END_STREAM, new Header("grpc-status", "0"));
            return true;
        });
        assertThat(text(call())).containsExactly("answer", "");
        assertThat(peer().next(Frame.PING).payload()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(peer().next(Frame.WINDOW_UPDATE).number()).isOne();
    }

    @Test
    void several_messages_of_a_stream_are_brought_in_order() throws Exception {
        peer().on((connection, stream) -> {
            connection.headers(stream, 0, OK);
            connection.send(Frame.DATA, 0, stream, ScriptedPeer.framed("one".getBytes(StandardCharsets.UTF_8)));
            connection.send(Frame.DATA, 0, stream, ScriptedPeer.framed("two".getBytes(StandardCharsets.UTF_8)));
            connection.headers(stream, Frame.END_STREAM, new Header("grpc-status", "0"));
            return true;
        });
        assertThat(text(call())).containsExactly("one", "two");
    }

    @Test
    void an_answer_larger_than_the_windows_arrives_whole() throws Exception {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 'x');
        peer().on((connection, stream) -> {
            connection.headers(stream, 0, OK);
            byte[] body = ScriptedPeer.framed(large);
            int credit = 65_535;
            for (int at = 0; at < body.length; ) {
                int part = Math.min(Math.min(16_384, body.length - at), credit);
                if (part > 0) {
                    connection.send(Frame.DATA, 0, stream, Arrays.copyOfRange(body, at, at + part));
                    at += part;
                    credit -= part;
                } else {
                    Frame update = connection.read();
                    credit += update.type() == Frame.WINDOW_UPDATE && update.stream() == stream ? update.number() : 0;
                }
            }
            connection.headers(stream, Frame.END_STREAM, new Header("grpc-status", "0"));
            return true;
        });
        assertThat(text(call()).getFirst()).hasSize(large.length);
    }

    @Test
    void a_refusal_carries_code_and_message() throws Exception {
        peer().on((connection, stream) -> {
            connection.headers(
                    stream,
                    Frame.END_STREAM,
                    OK,
                    new Header("grpc-status", "5"),
                    new Header("grpc-message", "no container %22a%22 in%0Ahere+there"));
            return true;
        });
        assertThat(call()).isEqualTo(new GrpcAnswer.Refused(5, "no container \"a\" in here+there"));
    }

    @Test
    void a_kept_connection_that_was_closed_is_made_anew() throws Exception {
        peer().on((connection, stream) -> {
            connection.good(stream, ANSWER);
            return false;
        });
        peer().on((connection, stream) -> {
            connection.good(stream, ANSWER);
            return true;
        });
        assertThat(text(call())).containsExactly("answer");
        assertThat(text(call())).containsExactly("answer");
    }

    @Test
    void a_connection_that_is_going_away_finishes_its_call_and_is_left() throws Exception {
        peer().on((connection, stream) -> {
            connection.send(
                    Frame.GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(stream).array());
            connection.good(stream, ANSWER);
            return false;
        });
        peer().on((connection, stream) -> {
            connection.good(stream, new byte[] {(byte) ('0' + stream)});
            return true;
        });
        assertThat(text(call())).containsExactly("answer");
        assertThat(text(call())).as("the first stream of a new connection").containsExactly("1");
    }

    @Test
    void a_peer_that_says_nothing_is_left_when_the_deadline_ends() {
        try (GrpcClient hasty = new GrpcClient(peer().socket(), Duration.ofMillis(100))) {
            assertThat(hasty.call("pkg.Service/Method", REQUEST, Map.of()))
                    .isEqualTo(new GrpcAnswer.Unreachable("no answer in time"));
        }
    }

    @Test
    void a_socket_that_is_not_there_is_unreachable() {
        try (GrpcClient lost = new GrpcClient(folder.resolve("none"), Duration.ofSeconds(20))) {
            assertThat(lost.mayAnswer()).isFalse();
            assertThat(lost.call("pkg.Service/Method", REQUEST, Map.of())).isInstanceOf(GrpcAnswer.Unreachable.class);
        }
    }

    @Test
    void a_request_waits_for_the_window_that_the_peer_opens() throws Exception {
        peer().on((connection, stream) -> {
            // Applies to streams made after it, so the first call is only there to bring it.
            byte[] window = ByteBuffer.allocate(6).putShort((short) 4).putInt(3).array();
            connection.send(Frame.SETTINGS, 0, 0, window);
            connection.good(stream, ANSWER);
            Frame frame = connection.read();
            while (frame.type() != Frame.DATA) {
                frame = connection.read();
            }
            assertThat(frame.payload()).hasSize(3);
            assertThat(frame.has(Frame.END_STREAM)).isFalse();
            connection.send(
                    Frame.WINDOW_UPDATE,
                    0,
                    frame.stream(),
                    ByteBuffer.allocate(4).putInt(100).array());
            return true;
        });
        peer().on((connection, stream) -> {
            connection.good(stream, ANSWER);
            return true;
        });
        assertThat(text(call())).containsExactly("answer");
        assertThat(text(call())).containsExactly("answer");
    }

    @Test
    void a_reset_call_is_unreachable() {
        assertThat(reason((connection, stream) -> connection.send(
                        Frame.RST_STREAM,
                        0,
                        stream,
                        ByteBuffer.allocate(4).putInt(8).array())))
                .isEqualTo("the call was reset with code 8");
    }

    @Test
    void frames_beyond_the_allowed_size_are_refused() {
        assertThat(reason((connection, stream) -> connection.raw(
                        ByteBuffer.allocate(9).putInt(0x00ff_ff00).array())))
                .isEqualTo("a frame of 65535 bytes is larger than allowed");
    }

    @Test
    void endless_header_blocks_are_refused() {
        assertThat(reason((connection, stream) -> {
                    connection.send(Frame.HEADERS, 0, stream, new byte[0]);
                    for (int i = 0; i < 20; i++) {
                        connection.send(Frame.CONTINUATION, 0, stream, new byte[0]);
                    }
                }))
                .isEqualTo("a header block is too large");
    }

    @Test
    void interrupted_header_blocks_are_refused() {
        assertThat(reason((connection, stream) -> {
                    connection.send(Frame.HEADERS, 0, stream, new byte[0]);
                    connection.send(Frame.PING, 0, 0, new byte[8]);
                }))
                .isEqualTo("a header block is interrupted");
    }

    @Test
    void messages_that_claim_to_be_huge_are_refused_before_memory_is_taken() {
        assertThat(reason((connection, stream) -> {
                    connection.headers(stream, 0, OK);
                    connection.send(Frame.DATA, 0, stream, new byte[] {0, 0x7f, -1, -1, -1});
                }))
                .isEqualTo("a message is too large");
    }

    @Test
    void compressed_messages_are_refused() {
        assertThat(reason((connection, stream) -> {
                    connection.headers(stream, 0, OK);
                    connection.send(Frame.DATA, 0, stream, new byte[] {1, 0, 0, 0, 0});
                }))
                .isEqualTo("a message is compressed unasked");
    }

    @Test
    void an_answer_that_breaks_off_is_refused() {
        assertThat(reason((connection, stream) -> {
                    connection.headers(stream, 0, OK);
                    connection.send(Frame.DATA, 0, stream, new byte[] {0, 0, 0, 0, 9, 1});
                    connection.headers(stream, Frame.END_STREAM, new Header("grpc-status", "0"));
                }))
                .isEqualTo("the answer ends amid a message");
    }

    @Test
    void an_answer_without_a_status_is_refused() {
        assertThat(reason((connection, stream) -> {
                    connection.headers(stream, 0, OK);
                    connection.send(Frame.DATA, Frame.END_STREAM, stream, ScriptedPeer.framed(ANSWER));
                }))
                .isEqualTo("the answer ends without a status");
        assertThat(reason((connection, stream) -> connection.headers(stream, Frame.END_STREAM, OK)))
                .isEqualTo("the answer ends without a status");
    }

    @Test
    void a_web_page_is_no_answer() {
        assertThat(reason((connection, stream) ->
                        connection.headers(stream, Frame.END_STREAM, new Header(":status", "404"))))
                .isEqualTo("the answer has HTTP status 404");
    }

    @Test
    void pushed_streams_are_refused() {
        assertThat(reason((connection, stream) -> connection.send(Frame.PUSH_PROMISE, 4, stream, new byte[4])))
                .isEqualTo("the service pushes though it must not");
    }

    @Test
    void padding_larger_than_its_frame_is_refused() {
        assertThat(reason((connection, stream) -> {
                    connection.headers(stream, 0, OK);
                    connection.send(Frame.DATA, Frame.PADDED, stream, new byte[] {9, 1, 2});
                }))
                .isEqualTo("a frame is padded beyond its size");
    }

    @FunctionalInterface
    private interface Trick {
        void play(ScriptedPeer.Connection connection, int stream) throws java.io.IOException;
    }

    /**
     * The peer plays the trick to the first call, which must end the call and leave the client fit for the next one.
     */
    private String reason(Trick trick) {
        peer().on((connection, stream) -> {
            trick.play(connection, stream);
            return false;
        });
        GrpcAnswer answer = call();
        peer().on((connection, stream) -> {
            connection.good(stream, ANSWER);
            return false;
        });
        assertThat(text(call())).as("the call after it").containsExactly("answer");
        assertThat(answer).isInstanceOf(GrpcAnswer.Unreachable.class);
        return ((GrpcAnswer.Unreachable) answer).reason();
    }

    private static List<String> text(GrpcAnswer answer) {
        assertThat(answer).isInstanceOf(GrpcAnswer.Messages.class);
        return ((GrpcAnswer.Messages) answer)
                .messages().stream()
                        .map(message -> new String(message, StandardCharsets.UTF_8))
                        .toList();
    }
}
