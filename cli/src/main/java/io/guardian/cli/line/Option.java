package io.guardian.cli.line;

import java.util.List;

/**
 * One option of a command.
 *
 * @param names as typed, dashes included; the first long one is the {@link #key}
 * @param label what stands for the value in help, empty for a flag
 * @param choices the only values allowed, in any letter case; empty means any
 */
public record Option(List<String> names, Arity arity, String label, String help, List<String> choices, boolean hidden) {

    /** How many words follow the option. */
    public enum Arity {
        NONE,
        ONE,
        /** One, unless the line ends or another option follows. */
        OPTIONAL,
        /** As many as follow, in a command that takes no other words; else one. */
        MANY
    }

    public Option {
        names = List.copyOf(names);
        choices = List.copyOf(choices);
    }

    public static Option flag(String help, String... names) {
        return new Option(List.of(names), Arity.NONE, "", help, List.of(), false);
    }

    public static Option value(String label, String help, String... names) {
        return new Option(List.of(names), Arity.ONE, label, help, List.of(), false);
    }

    public static Option optionalValue(String label, String help, String... names) {
        return new Option(List.of(names), Arity.OPTIONAL, label, help, List.of(), false);
    }

    public static Option many(String label, String help, String... names) {
        return new Option(List.of(names), Arity.MANY, label, help, List.of(), false);
    }

    public Option oneOf(String... values) {
        return new Option(names, arity, String.join("|", values), help, List.of(values), hidden);
    }

    /** Accepted, but not shown. */
    public Option hide() {
        return new Option(names, arity, label, help, choices, true);
    }

    /** The name under which {@link Arguments} holds the values. */
    public String key() {
        return names.stream().filter(name -> name.startsWith("--")).findFirst().orElseGet(names::getFirst);
    }

    public boolean is(String name) {
        return names.contains(name);
    }
}
