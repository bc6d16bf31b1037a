package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.util.List;

/**
 * A workload did what a policy doesn't allow.
 *
 * @param stamp envelope; a repeat of the same observation has the same id
 * @param policy the policy that doesn't allow it
 * @param checksum equal for equal behaviour on every machine
 * @param ref uid of the process, connection or socket
 * @param description one line for people
 * @param shortDescription a shorter one
 * @param owner machine and workload
 * @param workload names of the workload at that time
 * @param deviation the document that, merged, would allow it
 * @param inputs what the verdict was made from
 * @param count how often it was seen in this hour, 1 or more
 * @param others how many of {@code count} were something else that this policy doesn't allow: when a workload does very
 *     many different things, those beyond a limit are counted here and have no record of their own
 * @param uncertain true if the place of the image in the tree was not seen; then nothing is done about it
 * @param actions what the agent did about it already
 */
public record DeviationEvent(
        Stamp stamp,
        PolicyRef policy,
        String checksum,
        String ref,
        String description,
        String shortDescription,
        Owner owner,
        WorkloadNames workload,
        Json.Obj deviation,
        Inputs inputs,
        long count,
        long others,
        boolean uncertain,
        List<ActionResult> actions)
        implements Event {

    /** @param revision revision of the bundle of policies that the agent worked with */
    public record PolicyRef(String uid, String name, String type, String mode, long version, long revision) {}

    /** Empty where the workload has none. */
    public record WorkloadNames(
            String hostname, String clusterUid, String clusterName, String namespace, String podUid, String image) {}

    /**
     * What lets the server judge again.
     *
     * @param chain the images from the workload's root down to the one that acted: each {@code {name, exe, euser,
     *     origin}}
     * @param names DNS names valid for the remote at that time
     * @param podLabels labels of the pod at that time
     */
    public record Inputs(String lineage, Json.Arr chain, List<String> names, Json.Obj podLabels) {
        public Inputs {
            names = List.copyOf(names);
        }
    }

    /**
     * An action on the machine.
     *
     * @param type {@code agentKillProcess} and so on
     * @param uid of the action, empty in audit mode, in which nothing is done
     * @param resultCode 0 if it is done; another number if it failed or a guard refused it
     * @param result one line for people
     */
    public record ActionResult(String type, String uid, int resultCode, String result) {}

    public DeviationEvent {
        actions = List.copyOf(actions);
    }

    /**
     * A newer version of it, in which more was counted.
     *
     * @param more 1 or more
     * @param ofOthers how many of these were something else
     */
    public DeviationEvent counting(long more, long ofOthers, long atMicros) {
        return new DeviationEvent(
                new Stamp(id(), version() + more, atMicros),
                policy,
                checksum,
                ref,
                description,
                shortDescription,
                owner,
                workload,
                deviation,
                inputs,
                count + more,
                others + ofOthers,
                uncertain,
                actions);
    }

    @Override
    public EventKind kind() {
        return EventKind.DEVIATION;
    }

    @Override
    public String id() {
        return stamp.id();
    }

    @Override
    public long timeMicros() {
        return stamp.timeMicros();
    }

    @Override
    public long version() {
        return stamp.version();
    }

    @Override
    public Json.Obj toJson() {
        var out = stamp.begin(kind())
                .put("checksum", checksum)
                .put("description", description)
                .put("short_description", shortDescription)
                .put("policy_uid", policy.uid())
                .put("policy_name", policy.name())
                .put("policy_type", policy.type())
                .put("policy_mode", policy.mode())
                .put("policy_version", policy.version())
                .put("policy_revision", policy.revision())
                .put("ref", ref);
        owner.write(out);
        out.put("hostname", workload.hostname())
                .putUnlessEmpty("cluster_uid", workload.clusterUid())
                .putUnlessEmpty("cluster_name", workload.clusterName())
                .putUnlessEmpty("namespace", workload.namespace())
                .putUnlessEmpty("pod_kuid", workload.podUid())
                .putUnlessEmpty("image", workload.image())
                .put("deviation", deviation)
                .put(
                        "inputs",
                        Json.object()
                                .putUnlessEmpty("lineage", inputs.lineage())
                                .put("chain", inputs.chain())
                                .put("names", Json.strings(inputs.names()))
                                .put("pod_labels", inputs.podLabels())
                                .build())
                .put("count", count);
        if (others > 0) {
            out.put("others", others);
        }
        return out.put("uncertain", uncertain)
                .put(
                        "actions",
                        new Json.Arr(actions.stream().map(DeviationEvent::json).toList()))
                .build();
    }

    private static Json json(ActionResult action) {
        return Json.object()
                .put("type", action.type())
                .putUnlessEmpty("uid", action.uid())
                .put("result_code", action.resultCode())
                .putUnlessEmpty("result", action.result())
                .build();
    }

    static DeviationEvent read(Fields in) {
        var inputs = in.object("inputs");
        return new DeviationEvent(
                Stamp.read(in),
                new PolicyRef(
                        in.text("policy_uid"),
                        in.textOr("policy_name", ""),
                        in.textOr("policy_type", ""),
                        in.textOr("policy_mode", ""),
                        in.wholeOr("policy_version", 0),
                        in.wholeOr("policy_revision", 0)),
                in.text("checksum"),
                in.text("ref"),
                in.textOr("description", ""),
                in.textOr("short_description", ""),
                Owner.read(in),
                new WorkloadNames(
                        in.textOr("hostname", ""),
                        in.textOr("cluster_uid", ""),
                        in.textOr("cluster_name", ""),
                        in.textOr("namespace", ""),
                        in.textOr("pod_kuid", ""),
                        in.textOr("image", "")),
                in.object("deviation"),
                new Inputs(
                        inputs.text("lineage"),
                        inputs.array("chain"),
                        inputs.array("names").strings(),
                        inputs.object("pod_labels")),
                in.wholeOr("count", 1),
                in.wholeOr("others", 0),
                in.flag("uncertain"),
                in.array("actions").objects().stream()
                        .map(DeviationEvent::action)
                        .toList());
    }

    private static ActionResult action(Json.Obj action) {
        return new ActionResult(
                action.text("type"),
                action.text("uid"),
                action.number("result_code").map(Json.Num::asInt).orElse(0),
                action.text("result"));
    }
}
