package io.guardian.agent.workload.grpc;

import java.io.IOException;

/** The peer broke the protocol, a limit or a deadline; the connection is of no more use. */
final class Http2Exception extends IOException {

    Http2Exception(String message) {
        super(message);
    }
}
