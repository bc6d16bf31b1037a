package io.guardian.agent.setup;

import java.nio.file.Path;

/** What to do. */
public sealed interface Command {

    /** Watch this machine. */
    record Run(AgentOptions options) implements Command {}

    /** Remove everything an earlier run left. */
    record Uninstall(Path data, String pin) implements Command {}

    /** Print how to call the program. */
    record Help() implements Command {}

    /** Print the version. */
    record Version() implements Command {}

    /** @param message one line that says what is wrong and what to do */
    record Wrong(String message) implements Command {}
}
