package io.guardian.cli.shell;

/** What is said to the person, on stderr: progress, hints, warnings, errors. */
public final class Talk {
    private static final String RED = "31";
    private static final String YELLOW = "33";

    private final World world;
    private final boolean quiet;
    private final boolean colour;

    public Talk(World world, boolean quiet, boolean colour) {
        this.world = world;
        this.quiet = quiet;
        this.colour = colour;
    }

    /** Progress, hints and success; left out when quiet. */
    public void say(String line) {
        if (!quiet) {
            world.err().println(line);
        }
    }

    /** Something to know that does not stop the command; left out when quiet. */
    public void warn(String line) {
        if (!quiet) {
            world.err().println(paint("Warning: ", YELLOW) + line);
        }
    }

    /** Always said. */
    public void error(Failure failure) {
        if (!failure.reason().isEmpty()) {
            world.err().println(paint("Error: ", RED) + failure.reason());
        }
        failure.more().forEach(world.err()::println);
    }

    /** Asks without a line end. */
    void ask(String question) {
        world.err().print(question);
        world.err().flush();
    }

    public boolean isQuiet() {
        return quiet;
    }

    private String paint(String text, String code) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
