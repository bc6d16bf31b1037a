package io.guardian.cluster;

import io.guardian.agent.log.Log;
import io.guardian.cluster.run.Monitor;
import io.guardian.cluster.setup.Command;
import io.guardian.cluster.setup.CommandLine;
import io.guardian.host.LogFile;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The cluster monitor's program. */
public final class Main {
    /** The monitor's version, as its registration carries it. */
    public static final String VERSION = "0.1.0";

    private static final int MISUSED = 2;

    /** Kept, or the level would be forgotten with it. What goes wrong with reading is logged in the monitor's words. */
    private static final Logger LIBRARY = Logger.getLogger("io.fabric8");

    private Main() {}

    public static void main(String[] args) {
        LogFile.begin();
        LIBRARY.setLevel(Level.SEVERE);
        int code = run(List.of(args), System.getenv());
        // The Kubernetes client's threads would keep the process for a while after its work is done.
        System.out.flush();
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(List<String> args, Map<String, String> environment) {
        return switch (CommandLine.read(args, environment)) {
            case Command.Run(var options) -> {
                var level = options.debug() ? Log.Level.DEBUG : Log.Level.INFO;
                var log = new Log(System.err, Clock.systemUTC(), level);
                yield new Monitor(options, VERSION, log, System.out).run();
            }
            case Command.Help() -> {
                System.out.print(CommandLine.HELP);
                yield 0;
            }
            case Command.Version() -> {
                System.out.println("guardian-cluster-monitor " + VERSION);
                yield 0;
            }
            case Command.Wrong(var message) -> {
                System.err.println("error: " + message);
                yield MISUSED;
            }
        };
    }
}
