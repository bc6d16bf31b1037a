package io.guardian.cli.command;

import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Session;

/** Carries out one call of a command. */
@FunctionalInterface
public interface Action {
    /**
     * @return the exit code
     * @throws UsageException when a value can't be understood
     * @throws io.guardian.cli.shell.Failure when the command can't be done
     * @throws io.guardian.cli.api.ApiException when the server refuses
     */
    int run(Session session) throws UsageException;
}
