package io.guardian.cli.output;

import io.guardian.cli.shell.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Shows text a screen at a time when it is longer than the screen and somebody is looking. */
public final class Pager {
    private final World world;
    private final boolean never;

    public Pager(World world, boolean never) {
        this.world = world;
        this.never = never;
    }

    public void show(String text) {
        boolean watched = world.terminal().isOut() && world.terminal().isIn();
        if (never || !watched || text.lines().count() < world.terminal().rows() || !page(text)) {
            world.out().print(text);
            world.out().flush();
        }
    }

    private boolean page(String text) {
        String pager = world.variable("PAGER").orElse("less -R");
        try {
            var process = new ProcessBuilder(List.of("/bin/sh", "-c", pager))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                // The person left the pager before its end.
            }
            return process.waitFor() != 127;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
