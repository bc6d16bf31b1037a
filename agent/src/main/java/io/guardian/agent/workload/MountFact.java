package io.guardian.agent.workload;

/**
 * One file system mounted into a container.
 *
 * @param source path on the host, or the kind of file system for one without a source
 * @param destination path inside
 * @param type {@code bind}, {@code tmpfs}, {@code proc}, …
 * @param readOnly whether it refuses writes
 */
public record MountFact(String source, String destination, String type, boolean readOnly) {}
