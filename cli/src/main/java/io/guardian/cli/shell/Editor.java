package io.guardian.cli.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The person's text editor: {@code VISUAL}, else {@code EDITOR}, else vi. */
public final class Editor {
    private final World world;

    public Editor(World world) {
        this.world = world;
    }

    /** Opens the file and waits until the editor ends. The variable may hold arguments, so a shell splits it. */
    public void open(Path file) {
        String editor =
                world.variable("VISUAL").or(() -> world.variable("EDITOR")).orElse("vi");
        var builder =
                new ProcessBuilder(List.of("/bin/sh", "-c", editor + " \"$1\"", "sh", file.toString())).inheritIO();
        if (!world.terminal().isIn() && world.terminal().canAsk()) {
            builder.redirectInput(Path.of("/dev/tty").toFile());
        }
        try {
            int code = builder.start().waitFor();
            if (code != 0) {
                throw Failure.because(
                        "editor `" + editor + "` ended with exit code " + code + ", the text is kept in " + file);
            }
        } catch (IOException cannotStart) {
            throw Failure.because("cannot start a shell for editor `" + editor + "`: " + cannotStart.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Failure.silent(Failure.INTERRUPTED);
        }
    }
}
