package io.guardian.cli.shell;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The change that is on its way to the server, so that somebody who interrupts the program learns that it may or may
 * not have been made. It is one for the process, as the interruption is.
 */
public final class Unfinished {
    private static final AtomicReference<Optional<String>> CHANGE = new AtomicReference<>(Optional.empty());

    private Unfinished() {}

    /** @param what such as {@code PUT /org/…/analyticspolicy/} */
    public static void begins(String what) {
        CHANGE.set(Optional.of(what));
    }

    public static void ended() {
        CHANGE.set(Optional.empty());
    }

    public static Optional<String> change() {
        return CHANGE.get();
    }
}
