package io.guardian.core.ruleset;

/** What the rules of a policy say of one target of a container. */
public sealed interface TargetVerdict {

    /** No rule has the target. */
    record NotConstrained() implements TargetVerdict {}

    record Allowed(Explanation why) implements TargetVerdict {}

    record Denied(Explanation why) implements TargetVerdict {}

    /** It depends on something that is not known yet, so it is judged when that arrives. */
    record Held() implements TargetVerdict {}
}
