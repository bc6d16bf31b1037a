package io.guardian.agent.workload.grpc;

import java.util.List;

/** What came of a call. */
public sealed interface GrpcAnswer {

    /** It went well; a method that doesn't stream answers exactly one message. */
    record Messages(List<byte[]> messages) implements GrpcAnswer {
        public Messages {
            messages = List.copyOf(messages);
        }
    }

    /**
     * The service refused.
     *
     * @param code gRPC's status code, 1 to 16
     * @param message the service's own words, one line
     */
    record Refused(int code, String message) implements GrpcAnswer {

        /** The status code of a service that has no such object. */
        public static final int NOT_FOUND = 5;
        /** The status code of a service that has no such method. */
        public static final int UNIMPLEMENTED = 12;
    }

    /** There was no answer that could be understood within the deadline; the reason is one line for people. */
    record Unreachable(String reason) implements GrpcAnswer {}
}
