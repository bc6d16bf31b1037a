package io.guardian.backend.respond;

import io.guardian.core.decide.FlagClass;
import io.guardian.core.decide.LogLine;
import io.guardian.core.event.Seconds;
import io.guardian.core.id.Uids;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Severity;
import io.guardian.core.ruleset.Explanation;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.text.Json;
import java.util.List;

/**
 * A denied container with its record: writes the deviation, the lines and the flags that say so.
 *
 * @param container its whole record
 * @param atMicros when it was judged
 */
record ContainerCase(Denied denied, Json.Obj container, long atMicros) implements Counted {
    private static final String FLAG = "policy_deviation";

    @Override
    public String org() {
        return denied.org();
    }

    @Override
    public String key() {
        return String.join(
                " ",
                denied.org(),
                denied.policy().uid(),
                denied.checksum(),
                denied.policy().mode().toString());
    }

    @Override
    public long timeMicros() {
        return atMicros;
    }

    String podName() {
        return container.text("pod_name");
    }

    /** The {@code event_deviation}. */
    @Override
    public Json.Obj entry() {
        String schema = "event_deviation:cluster:1.0.0";
        var deviation = denied.deviation();
        var policy = denied.policy();
        var out = Json.object()
                .put("id", denied.uid())
                .put("schema", schema)
                .put("original_schema", schema)
                .put("time", Seconds.json(atMicros))
                .put("version", 1)
                .put("checksum", denied.checksum())
                .put("description", deviation.description())
                .put("short_description", deviation.shortDescription())
                .put("policy_uid", policy.uid())
                .put("policy_name", policy.name())
                .put("policy_type", "cluster")
                .put("policy_mode", policy.mode().toString())
                .put("policy_version", policy.version())
                .put("ref", denied.containerUid());
        place(out);
        return out.putUnlessEmpty("image", container.text("image"))
                .put("deviation", deviation.toJson(denied.uid()))
                .put(
                        "explanations",
                        new Json.Arr(deviation.denials().stream()
                                .<Json>map(Explanation::toJson)
                                .toList()))
                .put("count", 1)
                .put("last_time", Seconds.json(atMicros))
                .build();
    }

    private void place(Json.ObjBuilder out) {
        out.put("container_uid", denied.containerUid())
                .putUnlessEmpty("muid", container.text("muid"))
                .putUnlessEmpty("hostname", hostname())
                .put("cluster_uid", denied.clusterUid())
                .putUnlessEmpty("cluster_name", container.text("clustername"))
                .putUnlessEmpty("namespace", container.text("pod_namespace"))
                .putUnlessEmpty("pod_uid", container.text("pod_uid"))
                .putUnlessEmpty("pod_kuid", podKuid(container))
                .putUnlessEmpty("pod_name", podName());
    }

    /** The pod's uid in Kubernetes. */
    static String podKuid(Json.Obj container) {
        String kuid = container.text("pod_kuid");
        String uid = container.text("pod_uid");
        return kuid.isEmpty() && !uid.startsWith("pod:") ? uid : kuid;
    }

    private String hostname() {
        return denied.object().facts(Scope.MACHINE) instanceof Facts.Present machine
                ? machine.get("hostname").map(List::getFirst).orElse("")
                : "";
    }

    Json.Obj deviationLine() {
        return line(Case.lineId(denied.uid(), 0), "guardian_deviation", marked(description()), atMicros)
                .build();
    }

    private String marked(String text) {
        return LogLine.deviation(denied.policy().mode(), text);
    }

    private String description() {
        return denied.deviation().description();
    }

    /** @param number places the line behind those before it */
    Json.Obj actionLine(int number, String action, String message, String actionUid) {
        return line(Case.lineId(denied.uid(), number), "guardian_action", message, atMicros)
                .put("action", action)
                .putUnlessEmpty("action_uid", actionUid)
                .build();
    }

    Json.Obj begun(int number, String action, String actionUid) {
        return actionLine(number, action, LogLine.action(denied.policy().mode(), action, target(action)), actionUid);
    }

    Json.Obj failed(int number, String action, String why, String actionUid) {
        return actionLine(number, action, LogLine.failed(action, target(action), why), actionUid);
    }

    private String target(String action) {
        return action.equals("agentKillPod") && !podName().isEmpty()
                ? LogLine.podTarget(podName())
                : LogLine.target(denied.containerUid());
    }

    private Json.ObjBuilder line(String id, String kind, String message, long micros) {
        return Json.object()
                .put("id", id)
                .put("schema", "event_log:" + kind + ":1.0.0")
                .put("original_schema", "event_log:" + kind + ":1.0.0")
                .put("time", Seconds.json(micros))
                .put("version", 1)
                .put("policy_uid", denied.policy().uid())
                .put("policy_name", denied.policy().name())
                .put("policy_mode", denied.policy().mode().toString())
                .put("ref", denied.containerUid())
                .put("deviation_uid", denied.uid())
                .putUnlessEmpty("muid", container.text("muid"))
                .put("container_uid", denied.containerUid())
                .put("cluster_uid", denied.clusterUid())
                .put("message", message);
    }

    @Override
    public Json.Obj andMore(long hourMicros, long count) {
        String id = "log:" + org() + ":" + hourMicros + ":" + denied.policy().uid() + ":" + denied.checksum() + ":"
                + denied.policy().mode();
        return line(id, "guardian_deviation", LogLine.andMore(denied.policy().mode(), description(), count), hourMicros)
                .build();
    }

    Json.Obj redFlag(Action.MakeRedFlag action) {
        return flag("redflag", action.severity(), FLAG)
                .put("description", description())
                .putUnlessEmpty("content", action.content())
                .putUnlessEmpty("impact", action.impact())
                .put("false_positive", false)
                .put("mitre_mapping", Json.Arr.EMPTY)
                .put("routing", "customer")
                .put("traces_suppressed", false)
                .build();
    }

    Json.Obj opsFlag(Action.MakeOpsFlag action) {
        String text = action.description().isEmpty() ? description() : action.description();
        return flag("opsflag", action.severity(), FLAG + "_ops")
                .put("description", text)
                .putUnlessEmpty("content", action.content())
                .put("agent_type", "cluster-monitor")
                .put("ephemeral", false)
                .build();
    }

    /** A controller makes what is killed anew, with what is denied: someone has to look at it. */
    Json.Obj controllerFlag(PodOwners.Owner owner) {
        return flag("opsflag", Severity.CRITICAL, FLAG + "_owner")
                .put(
                        "description",
                        owner.topName() + " in namespace " + container.text("pod_namespace")
                                + " keeps making pods that policy "
                                + denied.policy().name()
                                + " denies; they are deleted with a growing wait")
                .put("agent_type", "cluster-monitor")
                .put("ephemeral", false)
                .put("owner_uid", owner.top())
                .build();
    }

    private Json.ObjBuilder flag(String kind, Severity severity, String name) {
        String schema = "event_" + kind + ":" + FLAG + ":1.0.0";
        var parts = FlagClass.of(kind, denied.containerUid(), severity, PolicyType.CLUSTER);
        String id = Uids.clusterFlag(
                denied.clusterUid(),
                denied.fromMicros() / 1_000_000,
                name,
                denied.policy().uid(),
                denied.checksum(),
                denied.containerUid(),
                denied.policy().mode().toString());
        var out = Json.object()
                .put("id", id)
                .put("schema", schema)
                .put("original_schema", schema)
                .put("time", Seconds.json(atMicros))
                .put("version", 1)
                .put("severity", severity.toString())
                .put("short_name", FLAG)
                .put("flag_class", String.join("/", parts))
                .put("class", Json.strings(parts))
                .put("ref", denied.containerUid())
                .put("container", container.text("container_name"))
                .put("policy_uid", denied.policy().uid())
                .put("policy_name", denied.policy().name())
                .put("deviation_uid", denied.uid());
        place(out);
        return out.putUnlessEmpty("pod_namespace", container.text("pod_namespace"))
                .put("traces", Json.strings(List.of()));
    }
}
