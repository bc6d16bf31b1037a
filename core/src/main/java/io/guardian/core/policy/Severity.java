package io.guardian.core.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How grave a flag is, the least first. */
public enum Severity {
    INFO,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    public static Optional<Severity> parse(String text) {
        return Arrays.stream(values())
                .filter(value -> value.toString().equals(text))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
