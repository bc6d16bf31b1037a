package io.guardian.core.policy;

import java.util.Arrays;
import java.util.Optional;

/** {@code metadata.type} of a policy. */
public enum PolicyType {
    CONTAINER("container"),
    LINUX_SERVICE("linux-service"),
    CLUSTER("cluster"),
    TRACE("trace");

    private final String text;

    PolicyType(String text) {
        this.text = text;
    }

    public static Optional<PolicyType> parse(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    /** Whether it describes a workload, with processes and network. */
    public boolean isWorkload() {
        return this == CONTAINER || this == LINUX_SERVICE;
    }

    @Override
    public String toString() {
        return text;
    }
}
