package io.guardian.cli.command;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.get.Clusters;
import io.guardian.cli.get.Policies;
import io.guardian.cli.get.Rulesets;
import io.guardian.cli.line.Arguments;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.CommandLine;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Globals;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Talk;
import io.guardian.cli.shell.World;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code completion} prints a script for a shell; the script calls {@code complete-words}, which knows commands,
 * options, choices, and asks the server for names, for at most a second and without a word when that fails.
 */
final class CompletionAction {
    private static final String BASH = """
            _spyctl() {
              local IFS=$'\\n'
              COMPREPLY=($(spyctl complete-words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
              if declare -F __ltrim_colon_completions >/dev/null; then
                __ltrim_colon_completions "${COMP_WORDS[COMP_CWORD]}"
              fi
            }
            complete -o default -F _spyctl spyctl
            """;
    private static final String ZSH = """
            #compdef spyctl
            _spyctl() {
              local -a found
              found=("${(@f)$(spyctl complete-words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
              compadd -- $found
              [[ ${#found} -gt 1 || -n ${found[1]} ]] || _files
            }
            compdef _spyctl spyctl
            """;
    private static final String FISH = """
            function __spyctl_complete
              set -l words (commandline -opc) (commandline -ct)
              spyctl complete-words -- $words[2..-1] 2>/dev/null
            end
            complete -c spyctl -a '(__spyctl_complete)'
            """;

    private CompletionAction() {}

    static Command.Body<Action> body() {
        return Command.does((Action) session -> {
                    session.printer()
                            .raw(
                                    switch (session.arguments().word().orElse("")) {
                                        case "bash" -> BASH;
                                        case "zsh" -> ZSH;
                                        case "fish" -> FISH;
                                        default -> throw new UsageException("choose bash, zsh or fish");
                                    });
                    return 0;
                })
                .describe("Prints a script that lets a shell complete commands, options, choices, names and uids.")
                .words(Positional.required("SHELL", "bash, zsh or fish."))
                .example("source <(spyctl completion bash)", "in this shell")
                .build();
    }

    /** The hidden command that the scripts call. */
    static Command.Body<Action> wordsBody() {
        return Command.does((Action) session -> {
                    candidates(session).forEach(session.printer()::line);
                    return 0;
                })
                .words(new Positional(
                        "WORDS", "The line so far; the last word is the one to complete.", 0, Integer.MAX_VALUE))
                .build();
    }

    private static List<String> candidates(Session session) {
        var words = session.arguments().words();
        if (words.isEmpty()) {
            return List.of();
        }
        String last = words.getLast();
        var before = words.subList(0, words.size() - 1);
        var line = new CommandLine<>(Commands.root(), Globals.OPTIONS, Globals.ONLY_BEFORE_COMMAND);
        var path = line.path(before);
        var body = path.getLast().body().get();
        var options = Stream.concat(body.options().stream(), Globals.OPTIONS.stream())
                .filter(option -> !option.hidden())
                .toList();
        var found = new TreeSet<String>();
        var asked = before.isEmpty()
                ? Optional.<Option>empty()
                : options.stream().filter(option -> option.is(before.getLast())).findFirst();
        if (asked.isPresent() && asked.get().arity() == Option.Arity.ONE) {
            found.addAll(asked.get().choices());
        } else if (last.startsWith("-")) {
            options.forEach(option -> found.addAll(option.names()));
        } else if (!body.children().isEmpty()) {
            body.children().stream()
                    .filter(child -> !child.summary().isEmpty())
                    .forEach(child -> found.add(child.name()));
        } else if (body.words().most() > 0) {
            found.addAll(names(session, path.getLast().name()));
        }
        return found.stream().filter(word -> word.startsWith(last)).toList();
    }

    /** Names and uids the server knows of a resource. */
    private static List<String> names(Session session, String resource) {
        var impatient = new World(
                session.world().in(),
                session.world().out(),
                session.world().err(),
                session.world().env(),
                session.world().directory(),
                session.world().clock(),
                _ -> {
                    throw Failure.silent(Failure.FAILED);
                },
                session.world().terminal());
        var asking = new Session(
                impatient,
                new Talk(impatient, true, false),
                new Arguments(Map.of("--timeout", List.of("1")), List.of()));
        var found = new ArrayList<String>();
        try {
            if (resource.contains("polic")) {
                add(Policies.fetch(asking, Optional.empty(), false), Policies.NAMES, found);
            } else if (resource.contains("ruleset")) {
                add(Rulesets.fetch(asking, "from_archive=false"), Rulesets.NAMES, found);
            } else if (resource.equals("clusters")) {
                add(Clusters.all(asking), Clusters.NAMES, found);
            }
        } catch (Failure | ApiException | UsageException _) {
            // A completion that finds nothing says nothing.
        }
        return found;
    }

    private static void add(List<Json.Obj> things, Names<Json.Obj> names, List<String> found) {
        for (var thing : things) {
            found.add(names.name().apply(thing));
            found.add(names.uid().apply(thing));
        }
    }
}
