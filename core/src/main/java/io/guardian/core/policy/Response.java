package io.guardian.core.policy;

import io.guardian.core.selector.Selectors;
import java.util.List;

/** What to do about a deviation: defaults, and actions limited by selectors. */
public record Response(List<Entry> defaults, List<Entry> actions) {
    /** Used where a document has no {@code response}, so that a policy never fails silently. */
    public static final Response DEFAULT = new Response(
            List.of(new Entry(new Action.MakeRedFlag(Severity.HIGH, "", ""), true, Selectors.NONE)), List.of());

    public Response {
        defaults = List.copyOf(defaults);
        actions = List.copyOf(actions);
    }

    /** One item of either list; it has selectors only in the second. */
    public record Entry(Action action, boolean enabled, Selectors selectors) {}
}
