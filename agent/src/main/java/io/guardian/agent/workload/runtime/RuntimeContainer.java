package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.ContainerFacts;

/**
 * A container as one source sees it.
 *
 * @param facts what it knows
 * @param files where the container's own files lie
 */
public record RuntimeContainer(ContainerFacts facts, ContainerFiles files) {

    /** Adds what another source knows; where both do, this one's stays. */
    public RuntimeContainer or(RuntimeContainer other) {
        return new RuntimeContainer(facts.or(other.facts), files.isKnown() ? files : other.files);
    }
}
