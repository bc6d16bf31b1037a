package io.guardian.cli.shell;

import java.time.Duration;

/** Waits. Tests put in one that only notes how long. */
@FunctionalInterface
public interface Pause {
    void of(Duration time);

    Pause REAL = time -> {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Failure.silent(Failure.INTERRUPTED);
        }
    };
}
