/**
 * Cluster policies: which containers the rules of their rulesets allow, and how the rules are made and changed.
 *
 * <p>In come rulesets and containers; out goes, for each target, a verdict with the rule that decided it
 * ({@link io.guardian.core.ruleset.CompiledRules}), what has to be added for a denied container
 * ({@link io.guardian.core.ruleset.ContainerDeviation}), rulesets made from what runs
 * ({@link io.guardian.core.ruleset.GeneratedRules}) and rulesets with a deviation merged in
 * ({@link io.guardian.core.ruleset.RulesetMerge}). Start reading at {@code CompiledRules}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.ruleset;
