package io.guardian.cluster.setup;

/** What to do. */
public sealed interface Command {

    /** Watch a cluster. */
    record Run(MonitorOptions options) implements Command {}

    /** Print how to call the program. */
    record Help() implements Command {}

    /** Print the version. */
    record Version() implements Command {}

    /** @param message one line that says what is wrong and what to do */
    record Wrong(String message) implements Command {}
}
