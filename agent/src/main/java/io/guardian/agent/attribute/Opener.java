package io.guardian.agent.attribute;

import io.guardian.ebpf.ProcessKey;
import java.util.Optional;

/**
 * Whose a connection or a socket is.
 *
 * @param process {@link ProcessKey#NONE} if not known
 * @param instance the workload that the process was in
 * @param image what it counted as then
 */
record Opener(ProcessKey process, Optional<Instance> instance, Image image) {}
