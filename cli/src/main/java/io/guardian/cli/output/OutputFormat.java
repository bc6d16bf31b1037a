package io.guardian.cli.output;

import java.util.Locale;

/** What {@code -o} chooses. */
public enum OutputFormat {
    DEFAULT,
    WIDE,
    YAML,
    JSON,
    NDJSON,
    NAME;

    /** @param text one of the option's choices */
    public static OutputFormat of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    public boolean isTable() {
        return this == DEFAULT || this == WIDE;
    }
}
