package io.guardian.backend.respond;

import io.guardian.core.decide.ResponseSelection;
import io.guardian.core.policy.PolicyMode;

/** The cluster policy, in one of its versions, that a container was judged by. */
public record JudgedBy(String uid, String name, long version, PolicyMode mode, ResponseSelection responses) {}
