package io.guardian.cli.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a command was called with. Options are asked for by their key, such as {@code --filename}. */
public record Arguments(Map<String, List<String>> options, List<String> words) {
    public Arguments {
        var copy = new LinkedHashMap<String, List<String>>();
        options.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        options = copy;
        words = List.copyOf(words);
    }

    /** Whether the option was given, with or without a value. */
    public boolean has(String key) {
        return options.containsKey(key);
    }

    /** The last value given. */
    public Optional<String> value(String key) {
        var values = values(key);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    /** Every value given, as typed; empty when the option is absent or stands without a value. */
    public List<String> values(String key) {
        return options.getOrDefault(key, List.of());
    }

    /** Every value given, cut at commas. */
    public List<String> list(String key) {
        var parts = new ArrayList<String>();
        for (String value : values(key)) {
            Arrays.stream(value.split(",", -1))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .forEach(parts::add);
        }
        return parts;
    }

    public Optional<String> word() {
        return words.stream().findFirst();
    }

    /** @throws UsageException when the value is no whole number in the range */
    public int number(String key, int otherwise, int least, int most) throws UsageException {
        var given = value(key);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(given.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, as for a number out of range.
        }
        throw new UsageException("invalid value `" + given.get() + "` for `" + key + "`: give a whole number from "
                + least + " to " + most);
    }
}
