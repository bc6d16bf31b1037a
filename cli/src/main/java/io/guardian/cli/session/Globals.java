package io.guardian.cli.session;

import io.guardian.cli.line.Arguments;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.shell.Talk;
import io.guardian.cli.shell.World;
import java.time.Duration;
import java.util.List;

/** The options every command takes. */
public final class Globals {
    private static final int TIMEOUT_SECONDS = 300;

    public static final List<Option> OPTIONS = List.of(
            Option.flag("Show help and exit.", "-h", "--help"),
            Option.flag("Show the version and exit.", "-v", "--version"),
            Option.value("NAME", "Context to use instead of the current one.", "--context"),
            Option.value("NAME_OR_UID", "Organisation to use instead of the context's.", "--org"),
            Option.value("URL", "Address of the API instead of the context's.", "--api-url"),
            Option.value("SECONDS", "How long to wait for an answer (300).", "--timeout"),
            Option.flag("Say nothing but errors.", "-q", "--quiet"),
            Option.value("WHEN", "Colour: auto, always or never.", "--color").oneOf("auto", "always", "never"),
            Option.flag("No colour.", "--no-color"),
            Option.flag("No colour.", "--no-colorize").hide(),
            Option.flag("Colour.", "--colorize").hide(),
            Option.flag("Never page long output.", "--no-pager"),
            Option.flag("No progress bars.", "--no-progress"),
            Option.flag("Show each request, with status and context uid; keys are masked.", "--debug"),
            Option.flag("Show how long each request took.", "--log-request-times"));

    /** Mean something else, or nothing, behind a command. */
    public static final List<String> ONLY_BEFORE_COMMAND = List.of("-v", "--version", "-q", "--quiet");

    private Globals() {}

    public static Duration timeout(Arguments arguments) throws UsageException {
        return Duration.ofSeconds(arguments.number("--timeout", TIMEOUT_SECONDS, 1, 86_400));
    }

    public static Talk talk(World world, Arguments arguments) {
        return new Talk(
                world,
                arguments.has("--quiet"),
                colour(world, arguments, world.terminal().isErr()));
    }

    /** Whether to colour a stream. */
    static boolean colour(World world, Arguments arguments, boolean terminal) {
        if (arguments.has("--no-color") || arguments.has("--no-colorize")) {
            return false;
        }
        String when = arguments.value("--color").orElse(arguments.has("--colorize") ? "always" : "auto");
        boolean plain = world.variable("NO_COLOR").isPresent()
                || world.variable("TERM").filter("dumb"::equals).isPresent();
        return !plain && (when.equals("always") || when.equals("auto") && terminal);
    }
}
