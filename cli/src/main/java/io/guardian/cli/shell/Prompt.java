package io.guardian.cli.shell;

import java.util.Locale;
import java.util.Optional;

/** Asks for a yes or no. Without anybody to ask it fails and never waits. */
public final class Prompt {
    private final World world;
    private final Talk talk;
    private final boolean assumeYes;

    /** What an empty answer means. */
    public enum Default {
        YES("[Y/n]"),
        NO("[y/N]"),
        NONE("[y/n]");

        private final String shown;

        Default(String shown) {
            this.shown = shown;
        }
    }

    public Prompt(World world, Talk talk, boolean assumeYes) {
        this.world = world;
        this.talk = talk;
        this.assumeYes = assumeYes;
    }

    public boolean canAsk() {
        return assumeYes || world.terminal().canAsk();
    }

    public boolean isAssumeYes() {
        return assumeYes;
    }

    /** @throws Failure when there is nobody to ask, or they end the input */
    public boolean confirm(String question, Default otherwise) {
        if (assumeYes) {
            return true;
        }
        if (!world.terminal().canAsk()) {
            throw Failure.because("confirmation needed, use -y", java.util.List.of(question));
        }
        while (true) {
            talk.ask(question + " " + otherwise.shown + " ");
            var line = world.terminal().readLine();
            if (line.isEmpty()) {
                throw Failure.because("confirmation needed, use -y");
            }
            var answer = understand(line.get(), otherwise);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
    }

    private static Optional<Boolean> understand(String typed, Default otherwise) {
        return switch (typed.strip().toLowerCase(Locale.ROOT)) {
            case "y", "yes" -> Optional.of(true);
            case "n", "no" -> Optional.of(false);
            case "" ->
                switch (otherwise) {
                    case YES -> Optional.of(true);
                    case NO -> Optional.of(false);
                    case NONE -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }
}
