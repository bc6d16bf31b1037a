package io.guardian.core.decide;

/**
 * One process image as a policy saw it.
 *
 * @param name kernel command name at exec
 * @param exe resolved path of the executable
 * @param euser name of the effective user
 * @param matched what it matched under the policy that judges it; empty when it deviates
 */
public record Observed(String name, String exe, String euser, NodeSet matched) {}
