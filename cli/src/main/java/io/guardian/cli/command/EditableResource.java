package io.guardian.cli.command;

import io.guardian.cli.line.UsageException;
import java.util.List;
import java.util.stream.Stream;

/** What {@code edit} and {@code delete} can change on the server. */
enum EditableResource {
    POLICY,
    RULESET;

    /** @param word in lower case */
    static EditableResource of(String word) throws UsageException {
        boolean policy = word.equals("policies")
                || word.endsWith("-policies")
                || Stream.of(
                                ResourceNames.POLICIES,
                                ResourceNames.CONTAINER_POLICIES,
                                ResourceNames.SERVICE_POLICIES,
                                ResourceNames.CLUSTER_POLICIES,
                                ResourceNames.TRACE_POLICIES)
                        .anyMatch(names -> names.contains(word));
        if (policy) {
            return POLICY;
        }
        List<String> rulesets = ResourceNames.RULESETS;
        if (rulesets.contains(word) || word.equals("rs") || ResourceNames.CLUSTER_RULESETS.contains(word)) {
            return RULESET;
        }
        throw new UsageException("no resource `" + word + "` here: choose policy or ruleset");
    }
}
