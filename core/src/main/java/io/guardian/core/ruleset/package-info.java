/**
 * Which values a set of rules allows: the evaluation of cluster policies.
 *
 * <p>In come the rules of all rulesets of a policy and an object; out goes one answer per target, with the rule that
 * gave it. Start reading at {@link io.guardian.core.ruleset.RuleSetDecision}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.ruleset;
