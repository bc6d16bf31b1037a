package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerFacts;
import io.guardian.core.id.ContainerId;

/** A runtime that is asked for a container, and may take its time or not be there. */
public interface ContainerSource {

    /** How it's called in log lines and counters, such as {@code cri:/run/containerd/containerd.sock}. */
    String name();

    /** Whether asking makes sense after what files told: podman's containers are no business of containerd. */
    boolean mayKnow(ContainerFacts soFar);

    /** Asks; takes no longer than the source's deadline, by default two seconds. */
    Answer ask(ContainerId id);

    /** What came of asking. */
    sealed interface Answer {

        record Found(RuntimeContainer container) implements Answer {}

        /** The runtime answered that it has no such container (yet). */
        record NotHere() implements Answer {}

        /** There was no answer; the reason is one line for people. */
        record Unreachable(String reason) implements Answer {}
    }
}
