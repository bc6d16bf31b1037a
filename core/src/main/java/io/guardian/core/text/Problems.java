package io.guardian.core.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects every problem of a text, so that they can be reported together.
 *
 * <p>Keeps the first {@value #LIMIT} of each kind and counts the rest: a hostile text must not fill memory or screen.
 */
public final class Problems {
    public static final int LIMIT = 200;

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> notices = new ArrayList<>();
    private long dropped;
    private long errorCount;

    public void error(Place place, String path, String message, String help) {
        add(new Problem(Problem.Kind.ERROR, place, path, message, help));
    }

    public void notice(Place place, String path, String message, String help) {
        add(new Problem(Problem.Kind.NOTICE, place, path, message, help));
    }

    public void add(Problem problem) {
        var list = switch (problem.kind()) {
            case ERROR -> errors;
            case NOTICE -> notices;
        };
        if (problem.kind() == Problem.Kind.ERROR) {
            errorCount++;
        }
        if (list.size() < LIMIT) {
            list.add(problem);
        } else {
            dropped++;
        }
    }

    public List<Problem> errors() {
        return List.copyOf(errors);
    }

    public List<Problem> notices() {
        return List.copyOf(notices);
    }

    /** Errors found so far, those that were not kept included. */
    public long errorCount() {
        return errorCount;
    }

    /** Problems that were found but not kept. */
    public long dropped() {
        return dropped;
    }
}
