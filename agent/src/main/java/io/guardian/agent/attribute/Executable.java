package io.guardian.agent.attribute;

import io.guardian.core.event.ExeOrigin;

/**
 * Which file an image was made of.
 *
 * @param path its path in the workload's root, or {@code unknown}
 * @param origin where it comes from
 */
record Executable(String path, ExeOrigin origin) {}
