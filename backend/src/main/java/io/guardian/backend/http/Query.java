package io.guardian.backend.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters behind the question mark; a name may be there several times. Unknown ones are nobody's business. */
public final class Query {
    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /** @param raw the undecoded text, without the question mark */
    static Query parse(String raw) {
        var values = new LinkedHashMap<String, List<String>>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return new Query(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException badPercent) {
            throw Refusal.badRequest("can't decode query parameter `" + text + "`");
        }
    }

    /** The last value of that name, empty ones left out: an empty filter is no filter. */
    public Optional<String> text(String name) {
        return all(name).isEmpty() ? Optional.empty() : Optional.of(all(name).getLast());
    }

    /** All values of that name but empty ones. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /** {@code true}, {@code 1} and an empty value are true, {@code false} and {@code 0} false, in any letter case. */
    public Optional<Boolean> bool(String name) {
        var given = values.get(name);
        if (given == null) {
            return Optional.empty();
        }
        String value = given.getLast();
        if (value.isEmpty() || value.equals("1") || value.equalsIgnoreCase("true")) {
            return Optional.of(true);
        }
        if (value.equals("0") || value.equalsIgnoreCase("false")) {
            return Optional.of(false);
        }
        throw Refusal.badRequest("parameter `" + name + "` is `" + value + "`, use true or false");
    }

    public boolean isTrue(String name) {
        return bool(name).orElse(false);
    }

    public Optional<Long> number(String name) {
        return text(name).map(value -> {
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException notWhole) {
                throw Refusal.badRequest("parameter `" + name + "` is `" + value + "`, use a whole number");
            }
        });
    }

    /** Epoch seconds, with or without a fraction. */
    public Optional<Double> seconds(String name) {
        return text(name).map(value -> {
            try {
                double seconds = Double.parseDouble(value);
                if (Double.isFinite(seconds)) {
                    return seconds;
                }
            } catch (NumberFormatException notSeconds) {
                // Refused below, with the same words as an infinite number.
            }
            throw Refusal.badRequest("parameter `" + name + "` is `" + value + "`, use epoch seconds");
        });
    }
}
