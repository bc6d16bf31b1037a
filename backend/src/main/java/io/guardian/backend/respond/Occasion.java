package io.guardian.backend.respond;

/** Why a container is judged. */
public enum Occasion {
    /** It, or what is known of its place, is new or other than before. */
    SEEN,
    /** The server started: what was dealt with before stays so. */
    STARTED,
    /** Its policy or one of the rulesets was applied: what is refused or not yet taken is taken up again. */
    APPLIED
}
