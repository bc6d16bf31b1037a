package io.guardian.cli;

import io.guardian.cli.shell.Unfinished;
import io.guardian.cli.shell.World;
import java.util.List;

/** The program {@code spyctl}. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        var world = World.real();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Unfinished.change()
                        .ifPresent(change -> world.err()
                                .println("\nInterrupted during " + change + ": it may or may not have been done"))));
        int code = Spyctl.run(List.of(words), world);
        world.out().flush();
        world.err().flush();
        // Exiting by return would wait for the HTTP client's keep-alive thread to be noticed.
        System.exit(code);
    }
}
