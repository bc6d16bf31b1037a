package io.guardian.core.document;

import io.guardian.core.policy.PolicyMode;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.util.List;

/**
 * A policy that suppresses traces whose flags are expected.
 *
 * @param allowedFlags flag class paths, exact or globs
 */
public record TracePolicy(
        String uid,
        long version,
        String name,
        boolean enabled,
        PolicyMode mode,
        Selectors selectors,
        List<String> allowedFlags)
        implements Resource {
    public TracePolicy {
        allowedFlags = List.copyOf(allowedFlags);
    }

    @Override
    public Kind kind() {
        return Kind.POLICY;
    }

    public Json.Obj toJson() {
        var metadata = Json.object();
        PolicyHead.writeIdentity(metadata, name, "trace", uid, version);
        var spec = Json.object().put("enabled", enabled).put("mode", mode.toString());
        SelectorsJson.fields(selectors).forEach(spec::put);
        spec.put(
                "allowedFlags",
                new Json.Arr(allowedFlags.stream()
                        .<Json>map(flag -> Json.object().put("class", flag).build())
                        .toList()));
        return PolicyHead.document(Kind.POLICY, metadata, spec);
    }
}
