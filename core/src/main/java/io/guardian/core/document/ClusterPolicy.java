package io.guardian.core.document;

import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.Response;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.util.List;

/**
 * A policy that holds a cluster to rulesets.
 *
 * @param uid empty when never applied
 * @param version 0 when never applied
 * @param selectors of the cluster only
 * @param rulesets names or uids
 */
public record ClusterPolicy(
        String uid,
        long version,
        String name,
        boolean enabled,
        PolicyMode mode,
        Selectors selectors,
        List<String> rulesets,
        Response response)
        implements Resource {
    public ClusterPolicy {
        rulesets = List.copyOf(rulesets);
    }

    @Override
    public Kind kind() {
        return Kind.POLICY;
    }

    /** The document; {@code enabled} is always written. */
    public Json.Obj toJson() {
        var metadata = Json.object();
        PolicyHead.writeIdentity(metadata, name, "cluster", uid, version);
        var spec = Json.object().put("enabled", enabled).put("mode", mode.toString());
        SelectorsJson.fields(selectors).forEach(spec::put);
        spec.put("rulesets", Json.strings(rulesets)).put("response", ResponseWriter.write(response));
        return PolicyHead.document(Kind.POLICY, metadata, spec);
    }
}
