package io.guardian.core.policy;

import java.util.Locale;
import java.util.Optional;

/** Whether a policy's deviations are only logged or also acted on. */
public enum PolicyMode {
    AUDIT,
    ENFORCE;

    public static Optional<PolicyMode> parse(String text) {
        return switch (text) {
            case "audit" -> Optional.of(AUDIT);
            case "enforce" -> Optional.of(ENFORCE);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
