package io.guardian.agent.workload.grpc;

/** One header field. */
record Header(String name, String value) {

    /** What a field counts in a table or a list, by RFC 7541 section 4.1. */
    int size() {
        return name.length() + value.length() + 32;
    }
}
