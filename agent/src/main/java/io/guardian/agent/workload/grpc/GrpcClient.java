package io.guardian.agent.workload.grpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Calls the gRPC services behind one unix socket. Keeps one connection and makes another when that has ended; a call
 * that finds its kept connection closed is made once more. Calls of several threads wait for each other.
 */
public final class GrpcClient implements AutoCloseable {

    private static final int ANSWER_BYTES_MAX = 4 << 20;

    private final Path socket;
    private final Duration deadline;
    private final Deque<GrpcConnection> kept = new ArrayDeque<>(1);

    /**
     * Connects only when called.
     *
     * @param deadline how long one call may take in all
     */
    public GrpcClient(Path socket, Duration deadline) {
        this.socket = socket;
        this.deadline = deadline;
    }

    /** Whether the socket exists; it may still be nobody's. */
    public boolean mayAnswer() {
        return Files.exists(socket);
    }

    public Path socket() {
        return socket;
    }

    /**
     * Calls a method.
     *
     * @param method {@code package.Service/Method}
     * @param message the request, encoded
     * @param metadata further header fields, names in lower case
     */
    public synchronized GrpcAnswer call(String method, byte[] message, Map<String, String> metadata) {
        long deadlineNanos = System.nanoTime() + deadline.toNanos();
        boolean reused = !kept.isEmpty();
        try {
            return attempt(method, message, metadata, deadlineNanos);
        } catch (IOException e) {
            close();
            if (!reused || System.nanoTime() - deadlineNanos >= 0) {
                return new GrpcAnswer.Unreachable(reason(e));
            }
        }
        try {
            return attempt(method, message, metadata, deadlineNanos);
        } catch (IOException e) {
            close();
            return new GrpcAnswer.Unreachable(reason(e));
        }
    }

    private GrpcAnswer attempt(String method, byte[] message, Map<String, String> metadata, long deadlineNanos)
            throws IOException {
        GrpcConnection connection = kept.isEmpty() ? GrpcConnection.open(socket, deadlineNanos) : kept.removeFirst();
        kept.addFirst(connection);
        GrpcAnswer answer = connection.call(headers(method, metadata), message, ANSWER_BYTES_MAX, deadlineNanos);
        if (!connection.isUsable()) {
            close();
        }
        return answer;
    }

    private List<Header> headers(String method, Map<String, String> metadata) {
        List<Header> headers = new ArrayList<>(List.of(
                new Header(":method", "POST"),
                new Header(":scheme", "http"),
                new Header(":path", "/" + method),
                new Header(":authority", "localhost"),
                new Header("te", "trailers"),
                new Header("content-type", "application/grpc"),
                new Header("user-agent", "guardian-agent"),
                new Header("grpc-timeout", deadline.toMillis() + "m")));
        metadata.forEach((name, value) -> headers.add(new Header(name, value)));
        return headers;
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? "the socket failed" : message;
    }

    @Override
    public synchronized void close() {
        kept.forEach(GrpcConnection::close);
        kept.clear();
    }
}
