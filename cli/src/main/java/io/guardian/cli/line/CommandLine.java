package io.guardian.cli.line;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Understands a line in two passes: the first finds which command is meant, stepping over options and their values; the
 * second reads all other words against that command's options and the global ones. So options stand anywhere, before
 * the command, inside it or after it.
 */
public final class CommandLine<A> {
    private final Command<A> root;
    private final List<Option> globals;
    private final List<String> onlyBeforeCommand;

    /** @param onlyBeforeCommand names of global options that mean something else, or nothing, behind a command */
    public CommandLine(Command<A> root, List<Option> globals, List<String> onlyBeforeCommand) {
        this.root = root;
        this.globals = List.copyOf(globals);
        this.onlyBeforeCommand = List.copyOf(onlyBeforeCommand);
    }

    /** @param path from the root to the command that was named */
    public record Call<A>(List<Command<A>> path, Arguments arguments) {
        public Call {
            path = List.copyOf(path);
        }

        public Command<A> command() {
            return path.getLast();
        }
    }

    /** The commands a line names, as far as it names any, and where the words stand that name them. */
    private record Path<A>(List<Command<A>> commands, List<Integer> places) {
        int firstPlace(int otherwise) {
            return places.isEmpty() ? otherwise : places.getFirst();
        }
    }

    /** The commands that the words name, also of a line that is otherwise wrong. */
    public List<Command<A>> path(List<String> words) {
        return List.copyOf(find(words).commands());
    }

    public Call<A> parse(List<String> words) throws UsageException {
        var path = find(words);
        var body = path.commands().getLast().body().get();
        var reading = new Reading(words, path, body);
        reading.run();
        return new Call<>(path.commands(), new Arguments(reading.options, reading.plain));
    }

    /** All options that may stand in a call of the command. */
    public List<Option> globals() {
        return globals;
    }

    private Path<A> find(List<String> words) {
        var commands = new ArrayList<Command<A>>(List.of(root));
        var places = new ArrayList<Integer>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            var body = commands.getLast().body().get();
            if (word.equals("--") || body.children().isEmpty()) {
                break;
            }
            if (isOption(word)) {
                i += wordsToSkip(word, i + 1 < words.size() ? words.get(i + 1) : "-", body);
                continue;
            }
            var child = body.child(word);
            if (child.isEmpty()) {
                break;
            }
            commands.add(child.get());
            places.add(i);
        }
        return new Path<>(commands, places);
    }

    /** How many words behind an option belong to it, judged before the command is known. */
    private int wordsToSkip(String word, String next, Command.Body<A> body) {
        if (word.contains("=") || !word.startsWith("--") && word.length() > 2) {
            return 0;
        }
        var option = body.option(word)
                .or(() -> global(word))
                .or(() -> body.children().stream()
                        .flatMap(child -> child.body().get().option(word).stream())
                        .findFirst());
        return option.map(known -> switch (known.arity()) {
                    case NONE -> 0;
                    case ONE, MANY -> 1;
                    case OPTIONAL -> isOption(next) ? 0 : 1;
                })
                .orElse(0);
    }

    private Optional<Option> global(String name) {
        return globals.stream().filter(option -> option.is(name)).findFirst();
    }

    private static boolean isOption(String word) {
        return word.length() > 1 && word.startsWith("-");
    }

    /** The second pass. */
    private final class Reading {
        private final List<String> words;
        private final Path<A> path;
        private final Command.Body<A> body;
        private final Map<String, List<String>> options = new LinkedHashMap<>();
        private final List<String> plain = new ArrayList<>();
        private int at;

        Reading(List<String> words, Path<A> path, Command.Body<A> body) {
            this.words = words;
            this.path = path;
            this.body = body;
        }

        void run() throws UsageException {
            boolean optionsEnded = false;
            while (at < words.size()) {
                int place = at;
                String word = words.get(at++);
                if (path.places().contains(place)) {
                    continue;
                }
                if (!optionsEnded && word.equals("--")) {
                    optionsEnded = true;
                } else if (!optionsEnded && word.startsWith("--")) {
                    longOption(word, place);
                } else if (!optionsEnded && isOption(word)) {
                    shortOptions(word, place);
                } else {
                    plain.add(word);
                }
            }
            if (!options.containsKey("--help") && !options.containsKey("--version")) {
                checkWords();
            }
        }

        private void longOption(String word, int place) throws UsageException {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            var option = lookUp(name, place);
            if (equals < 0) {
                take(option, name, Optional.empty());
            } else if (option.arity() == Option.Arity.NONE) {
                throw new UsageException("option `" + name + "` takes no value");
            } else {
                take(option, name, Optional.of(word.substring(equals + 1)));
            }
        }

        /** {@code -y}, {@code -yf FILE}, {@code -oyaml}, {@code -o=yaml}. */
        private void shortOptions(String word, int place) throws UsageException {
            for (int i = 1; i < word.length(); i++) {
                String name = "-" + word.charAt(i);
                var option = lookUp(name, place);
                String rest = word.substring(i + 1);
                if (option.arity() == Option.Arity.NONE) {
                    take(option, name, Optional.empty());
                } else {
                    take(
                            option,
                            name,
                            rest.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(rest.startsWith("=") ? rest.substring(1) : rest));
                    return;
                }
            }
        }

        private Option lookUp(String name, int place) throws UsageException {
            boolean beforeCommand = place < path.firstPlace(words.size());
            var own = beforeCommand && onlyBeforeCommand.contains(name) ? Optional.<Option>empty() : body.option(name);
            var found = own.or(() -> global(name).filter(_ -> beforeCommand || !onlyBeforeCommand.contains(name)));
            return found.orElseThrow(() -> unknown(name));
        }

        private UsageException unknown(String name) {
            var known = new ArrayList<String>();
            body.options().stream().filter(option -> !option.hidden()).forEach(option -> known.addAll(option.names()));
            globals.forEach(option -> known.addAll(option.names()));
            known.removeIf(candidate -> !candidate.startsWith("--"));
            String hint = name.startsWith("--") ? Suggestion.hint(name, known) : "";
            return new UsageException("unknown option `" + name + "`" + hint);
        }

        private void take(Option option, String name, Optional<String> attached) throws UsageException {
            var values = options.computeIfAbsent(option.key(), _ -> new ArrayList<>());
            if (attached.isPresent()) {
                values.add(checked(option, name, attached.get()));
                return;
            }
            switch (option.arity()) {
                case NONE -> {}
                case ONE -> values.add(checked(option, name, next(option, name)));
                case OPTIONAL -> {
                    if (wordFollows()) {
                        values.add(checked(option, name, words.get(at++)));
                    }
                }
                case MANY -> {
                    values.add(checked(option, name, next(option, name)));
                    while (body.words().most() == 0 && wordFollows()) {
                        values.add(checked(option, name, words.get(at++)));
                    }
                }
            }
        }

        private boolean wordFollows() {
            return at < words.size()
                    && !isOption(words.get(at))
                    && !path.places().contains(at);
        }

        private String next(Option option, String name) throws UsageException {
            if (at >= words.size()) {
                throw new UsageException("option `" + name + "` needs a value (" + option.label() + ")");
            }
            return words.get(at++);
        }

        private String checked(Option option, String name, String value) throws UsageException {
            if (option.choices().isEmpty()) {
                return value;
            }
            return option.choices().stream()
                    .filter(value::equalsIgnoreCase)
                    .findFirst()
                    .orElseThrow(() -> new UsageException("invalid value `" + value + "` for `" + name + "`: choose "
                            + String.join(", ", option.choices()) + Suggestion.hint(value, option.choices())));
        }

        private void checkWords() throws UsageException {
            if (!body.children().isEmpty()) {
                var names = body.children().stream()
                        .filter(child -> !child.summary().isEmpty())
                        .map(Command::name)
                        .toList();
                if (plain.isEmpty()) {
                    throw new UsageException("missing word: give one of " + String.join(", ", names));
                }
                String hint = Suggestion.hint(plain.getFirst(), names);
                throw new UsageException("unknown command `" + plain.getFirst() + "`"
                        + (hint.isEmpty() ? "; `--help` names those there are" : hint));
            }
            if (plain.size() > body.words().most()) {
                throw new UsageException(
                        "unexpected word `" + plain.get(body.words().most()) + "`");
            }
            if (plain.size() < body.words().least()) {
                throw new UsageException("missing " + body.words().label());
            }
        }
    }
}
