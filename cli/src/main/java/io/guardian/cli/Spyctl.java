package io.guardian.cli;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.command.Action;
import io.guardian.cli.command.Commands;
import io.guardian.cli.line.Arguments;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.CommandLine;
import io.guardian.cli.line.HelpPage;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Pager;
import io.guardian.cli.session.Globals;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Talk;
import io.guardian.cli.shell.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs one command line from words to exit code. Never ends the process and never throws. */
public final class Spyctl {
    private static final Arguments NOTHING = new Arguments(Map.of(), List.of());

    private Spyctl() {}

    /** @return 0 done, 1 failed, 2 wrong usage, 130 interrupted */
    public static int run(List<String> words, World world) {
        var root = Commands.root();
        var line = new CommandLine<>(root, Globals.OPTIONS, Globals.ONLY_BEFORE_COMMAND);
        var talk = new Talk(world, false, false);
        try {
            if (words.isEmpty()) {
                world.out().print(HelpPage.of(List.of(root), Globals.OPTIONS));
                return 0;
            }
            var call = line.parse(words);
            talk = Globals.talk(world, call.arguments());
            return run(call, world, talk);
        } catch (UsageException wrong) {
            talk = Globals.talk(world, NOTHING);
            var path = line.path(words);
            talk.error(Failure.usage(wrong.getMessage() + ""));
            world.err().println(HelpPage.usage(path));
            return Failure.WRONG_USAGE;
        } catch (ApiException refused) {
            return end(refused.toFailure(), talk, world, words, refused);
        } catch (Failure failure) {
            return end(failure, talk, world, words, failure);
        } catch (RuntimeException | StackOverflowError fault) {
            var failure = Failure.because("internal error: " + fault + "; run again with --debug to see where");
            return end(failure, talk, world, words, fault);
        }
    }

    private static int run(CommandLine.Call<Action> call, World world, Talk talk) throws UsageException {
        var arguments = call.arguments();
        if (arguments.has("--help")) {
            new Pager(world, arguments.has("--no-pager")).show(HelpPage.of(call.path(), Globals.OPTIONS));
            return 0;
        }
        // Behind a command, --version is that command's own option.
        if (arguments.has("--version") && !isOwnOption(call)) {
            world.out().println(Version.text());
            return 0;
        }
        var session = new Session(world, talk, arguments);
        Optional<Action> action = call.command().body().get().action();
        return action.isPresent() ? action.get().run(session) : Failure.WRONG_USAGE;
    }

    private static boolean isOwnOption(CommandLine.Call<Action> call) {
        Command.Body<Action> body = call.command().body().get();
        return body.option("--version").isPresent();
    }

    private static int end(Failure failure, Talk talk, World world, List<String> words, Throwable cause) {
        world.out().flush();
        talk.error(failure);
        if (words.contains("--debug")) {
            cause.printStackTrace(world.err());
        }
        return failure.exitCode();
    }
}
