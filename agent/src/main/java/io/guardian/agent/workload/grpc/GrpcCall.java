package io.guardian.agent.workload.grpc;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What has arrived for one call: messages, each behind five bytes (compressed or not, length), and at the end the
 * status in the trailers, or in the only headers there are.
 */
final class GrpcCall {

    private static final int PREFIX_BYTES = 5;
    private static final int MESSAGES_MAX = 4096;
    private static final int TEXT_CHARS_MAX = 300;

    private final int bytesMax;
    private final List<byte[]> messages = new ArrayList<>();
    private final ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES);
    private ByteBuffer message = ByteBuffer.allocate(0);
    private boolean inMessage;
    private long bytes;
    private Optional<GrpcAnswer> answer = Optional.empty();

    /** @param bytesMax the most that all messages together may have */
    GrpcCall(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes header fields in; what they say of the status ends the call once the stream ends. */
    void headers(List<Header> headers, boolean last) throws Http2Exception {
        String status = value(headers, ":status").orElse("200");
        Optional<String> code = value(headers, "grpc-status");
        if (!status.equals("200") && code.isEmpty()) {
            throw new Http2Exception("the answer has HTTP status " + oneLine(status));
        }
        if (last) {
            answer = Optional.of(
                    finish(code.orElse(""), value(headers, "grpc-message").orElse("")));
        }
    }

    private GrpcAnswer finish(String code, String message) throws Http2Exception {
        if (!code.matches("[0-9]{1,3}")) {
            throw new Http2Exception("the answer ends without a status");
        }
        if (!code.equals("0")) {
            return new GrpcAnswer.Refused(Integer.parseInt(code), oneLine(decoded(message)));
        }
        if (inMessage || prefix.position() > 0) {
            throw new Http2Exception("the answer ends amid a message");
        }
        return new GrpcAnswer.Messages(messages);
    }

    /** Takes bytes of the body in. */
    void data(ByteBuffer content) throws Http2Exception {
        bytes += content.remaining();
        if (bytes > bytesMax) {
            throw new Http2Exception("the answer is larger than " + bytesMax + " bytes");
        }
        while (content.hasRemaining()) {
            if (inMessage) {
                transfer(content, message);
            } else {
                transfer(content, prefix);
                if (!prefix.hasRemaining()) {
                    beginMessage();
                }
            }
            if (inMessage && !message.hasRemaining()) {
                endMessage();
            }
        }
    }

    private void beginMessage() throws Http2Exception {
        prefix.flip();
        boolean compressed = prefix.get() != 0;
        int length = prefix.getInt();
        prefix.clear();
        if (compressed || length < 0 || length > bytesMax) {
            throw new Http2Exception(compressed ? "a message is compressed unasked" : "a message is too large");
        }
        message = ByteBuffer.allocate(length);
        inMessage = true;
    }

    private void endMessage() throws Http2Exception {
        if (messages.size() == MESSAGES_MAX) {
            throw new Http2Exception("the answer has too many messages");
        }
        messages.add(message.array());
        inMessage = false;
    }

    Optional<GrpcAnswer> answer() {
        return answer;
    }

    private static void transfer(ByteBuffer from, ByteBuffer to) {
        int length = Math.min(from.remaining(), to.remaining());
        to.put(from.slice(from.position(), length));
        from.position(from.position() + length);
    }

    private static Optional<String> value(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equals(name))
                .map(Header::value)
                .findFirst();
    }

    /** A status message is percent-encoded UTF-8; one that isn't is shown as it is. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    private static String oneLine(String text) {
        String cut = text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
        return cut.replaceAll("\\p{Cntrl}", " ");
    }
}
