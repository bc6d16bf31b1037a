package io.guardian.core.selector;

/** Whether selectors are about an object. */
public enum Selection {
    MATCH,
    NO_MATCH,
    /** It depends on a scope whose record has not arrived yet; the verdict is held. */
    UNKNOWN
}
