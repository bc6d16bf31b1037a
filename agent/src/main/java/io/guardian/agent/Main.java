package io.guardian.agent;

import io.guardian.agent.log.Log;
import io.guardian.agent.run.Agent;
import io.guardian.agent.run.Uninstall;
import io.guardian.agent.setup.Command;
import io.guardian.agent.setup.CommandLine;
import io.guardian.host.LogFile;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/** The node agent's program. */
public final class Main {
    private static final String VERSION = "0.1.0";

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Main() {}

    /** As records and registrations carry it: {@code 0.1.0+3142c09}, or without a commit if nobody told it. */
    private static String version() {
        String commit = System.getProperty("guardian.commit", "");
        return commit.matches("[0-9A-Za-z-]{1,64}") ? VERSION + "+" + commit : VERSION;
    }

    public static void main(String[] args) {
        LogFile.begin();
        int code = run(List.of(args));
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(List<String> args) {
        return switch (CommandLine.read(args)) {
            case Command.Run(var options) -> {
                var level = options.debug() ? Log.Level.DEBUG : Log.Level.INFO;
                var log = new Log(System.err, Clock.systemUTC(), level);
                yield new Agent(options, version(), log, System.out).run();
            }
            case Command.Uninstall(var data, var pin) -> uninstall(new Uninstall(data, pin));
            case Command.Help() -> {
                System.out.print(CommandLine.HELP);
                yield 0;
            }
            case Command.Version() -> {
                System.out.println("guardian-agent " + version());
                yield 0;
            }
            case Command.Wrong(var message) -> {
                System.err.println("error: " + message);
                yield MISUSED;
            }
        };
    }

    private static int uninstall(Uninstall uninstall) {
        try {
            uninstall.run().forEach(System.out::println);
            return 0;
        } catch (IOException refused) {
            System.err.println("error: " + refused.getMessage());
            return FAILED;
        }
    }
}
