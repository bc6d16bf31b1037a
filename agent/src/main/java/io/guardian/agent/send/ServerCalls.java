package io.guardian.agent.send;

import java.io.IOException;
import java.util.Map;

/** Requests to the server. */
public interface ServerCalls {

    /** @throws IOException when there is no answer: the server is away, or not the one it should be */
    ServerClient.Answer get(String path, String token, Map<String, String> headers, int readMillis) throws IOException;

    /** @throws IOException when there is no answer; whether the server took the body in is then unknown */
    ServerClient.Answer post(String path, String token, Map<String, String> headers, byte[] body, int readMillis)
            throws IOException;
}
