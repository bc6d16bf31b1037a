package io.guardian.cli.command;

import io.guardian.cli.line.UsageException;
import io.guardian.core.document.Ruleset;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rulesets of a cluster policy: what happened is merged into them, never into the policy itself.
 *
 * @param name of the policy, or of a ruleset that stands alone
 * @param uid of the policy whose deviations are meant; empty when there is none
 * @param rulesets as they are at the moment, since two policies may share one
 */
record ClusterTarget(String name, String uid, boolean isInFile, Optional<Instant> latest, Rulesets rulesets)
        implements MergeTarget {

    /** Looks up the rulesets of a policy. */
    interface Rulesets {
        List<Part> now() throws UsageException;
    }

    /** @param source as written */
    record Part(Json.Obj source, Ruleset ruleset) {}
}
