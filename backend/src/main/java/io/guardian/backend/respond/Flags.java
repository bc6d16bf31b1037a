package io.guardian.backend.respond;

import io.guardian.core.decide.FlagClass;
import io.guardian.core.event.Seconds;
import io.guardian.core.id.Uids;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.Severity;
import io.guardian.core.text.Json;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/** Records of flags that deviations make. */
final class Flags {
    private static final String NAME = "policy_deviation";

    private Flags() {}

    static Json.Obj red(Case found, Action.MakeRedFlag action) {
        return begin(found, "redflag", action.severity())
                .put("description", found.event().description())
                .putUnlessEmpty("content", action.content())
                .putUnlessEmpty("impact", action.impact())
                .put("policy_uid", found.event().policy().uid())
                .put("policy_name", found.policy().policy().name())
                .put("false_positive", false)
                .put("mitre_mapping", Json.Arr.EMPTY)
                .put("routing", "customer")
                .put("traces_suppressed", false)
                .build();
    }

    static Json.Obj ops(Case found, Action.MakeOpsFlag action) {
        String text = action.description().isEmpty() ? found.event().description() : action.description();
        return begin(found, "opsflag", action.severity())
                .put("description", text)
                .putUnlessEmpty("content", action.content())
                .put("policy_uid", found.event().policy().uid())
                .put("policy_name", found.policy().policy().name())
                .put("hostname", found.event().workload().hostname())
                .put("agent_type", "node")
                .put("ephemeral", false)
                .build();
    }

    private static Json.ObjBuilder begin(Case found, String flag, Severity severity) {
        var event = found.event();
        var parts = FlagClass.of(
                flag, event.ref(), severity, found.policy().policy().type());
        String schema = "event_" + flag + ":" + NAME + ":1.0.0";
        var chain = event.inputs().chain().objects();
        var ancestors = chain.reversed().stream()
                .skip(1)
                .map(image -> image.text("name"))
                .toList();
        return Json.object()
                .put("id", id(found, flag))
                .put("schema", schema)
                .put("original_schema", schema)
                .put("time", Seconds.json(event.timeMicros()))
                .put("version", 1)
                .put("severity", severity.toString())
                .put("short_name", NAME)
                .put("flag_class", String.join("/", parts))
                .put("class", Json.strings(parts))
                .put("name", found.image().text("name"))
                .put("euser", found.image().text("euser"))
                .put("ancestors", Json.strings(ancestors))
                .put("ref", event.ref())
                .put("muid", event.owner().muid())
                .putUnlessEmpty("container_uid", event.owner().containerUid())
                .putUnlessEmpty("pod_uid", event.workload().podUid())
                .putUnlessEmpty("pod_namespace", event.workload().namespace())
                .putUnlessEmpty("cluster_uid", event.workload().clusterUid())
                .putUnlessEmpty("cluster_name", event.workload().clusterName())
                .put("deviation_uid", event.id())
                .put("traces", Json.strings(List.of()));
    }

    /** One flag per policy, behaviour and object. The start and pid are those that the object's uid holds. */
    private static String id(Case found, String flag) {
        var event = found.event();
        var parts = event.ref().split(":", -1);
        long start = parts.length > 3 ? seconds(parts[2]) : event.timeMicros() / 1_000_000;
        String pid = parts.length > 3 ? parts[3] : "0";
        return Uids.flag(
                event.owner().muid(),
                start,
                pid,
                flag.equals("redflag") ? NAME : NAME + "_ops",
                event.policy().uid(),
                event.checksum(),
                event.ref(),
                found.mode().toString());
    }

    private static long seconds(String base64) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64);
            return bytes.length == Integer.BYTES
                    ? Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt())
                    : 0;
        } catch (IllegalArgumentException notOurs) {
            return 0;
        }
    }
}
