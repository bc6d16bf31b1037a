package io.guardian.backend.store;

/** A span of time in seconds since the epoch, its end excluded. Constructing an empty or infinite one throws. */
public record Window(double start, double end) {
    /** Everything there is. */
    public static final Window ALL = new Window(0, 1.0e11);

    public Window {
        if (!(start < end) || !Double.isFinite(start) || !Double.isFinite(end)) {
            throw new IllegalArgumentException("the window's start must be before its end");
        }
    }
}
