package io.guardian.core.decide;

import io.guardian.core.id.Uids;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Severity;
import java.util.List;

/** The class path of a flag that a deviation makes. */
public final class FlagClass {
    private FlagClass() {}

    /**
     * {@code redflag/OBJECT/guardian/SEVERITY_severity/deviation/POLICYTYPE} in its parts.
     *
     * @param flag {@code redflag} or {@code opsflag}
     * @param ref uid of the deviating object; what stands before its first colon is the object
     */
    public static List<String> of(String flag, String ref, Severity severity, PolicyType type) {
        String object = ref.substring(0, ref.length() - Uids.bare(ref).length()).replace(":", "");
        return List.of(flag, object, "guardian", severity + "_severity", "deviation", type.toString());
    }
}
