package io.guardian.cli.line;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A command: its names, one line about it, and everything else once it is asked for.
 *
 * @param <A> what carries the command out
 */
public record Command<A>(String name, List<String> aliases, String summary, Supplier<Body<A>> body) {
    public Command {
        aliases = List.copyOf(aliases);
    }

    public boolean answersTo(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return name.equals(lower) || aliases.contains(lower);
    }

    /** The aliases that are not its name. */
    public List<String> otherNames() {
        return aliases.stream().filter(alias -> !alias.equals(name)).toList();
    }

    /**
     * What a command takes and does.
     *
     * @param options those of this command only, without the global ones
     * @param children commands below this one; a command that has some does nothing itself
     */
    public record Body<A>(
            String description,
            Positional words,
            List<Option> options,
            List<Example> examples,
            List<Command<A>> children,
            Optional<A> action) {
        public Body {
            options = List.copyOf(options);
            examples = List.copyOf(examples);
            children = List.copyOf(children);
        }

        public Optional<Option> option(String name) {
            return options.stream().filter(option -> option.is(name)).findFirst();
        }

        public Optional<Command<A>> child(String word) {
            return children.stream().filter(child -> child.answersTo(word)).findFirst();
        }
    }

    /** A line to type and what it does. */
    public record Example(String line, String meaning) {}

    public static <A> Builder<A> does(A action) {
        return new Builder<A>(Optional.of(action));
    }

    /** A command that only groups others. */
    public static <A> Builder<A> group() {
        return new Builder<A>(Optional.empty());
    }

    /** Collects a body. */
    public static final class Builder<A> {
        private final Optional<A> action;
        private String description = "";
        private Positional words = Positional.NONE;
        private final List<Option> options = new ArrayList<>();
        private final List<Example> examples = new ArrayList<>();
        private final List<Command<A>> children = new ArrayList<>();

        private Builder(Optional<A> action) {
            this.action = action;
        }

        public Builder<A> describe(String text) {
            description = text.strip();
            return this;
        }

        public Builder<A> words(Positional positional) {
            words = positional;
            return this;
        }

        public Builder<A> option(Option option) {
            options.add(option);
            return this;
        }

        public Builder<A> options(List<Option> more) {
            options.addAll(more);
            return this;
        }

        public Builder<A> example(String line, String meaning) {
            examples.add(new Example(line, meaning));
            return this;
        }

        public Builder<A> child(Command<A> command) {
            children.add(command);
            return this;
        }

        public Builder<A> children(List<Command<A>> commands) {
            children.addAll(commands);
            return this;
        }

        public Body<A> build() {
            return new Body<>(description, words, options, examples, children, action);
        }
    }
}
