package io.guardian.backend.respond;

import io.guardian.core.decide.Deviation;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.id.Uids;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.text.Json;

/**
 * A deviation that is dealt with.
 *
 * @param entry the record as it came
 * @param policy by which it was judged
 */
record Case(String org, String agentUid, DeviationEvent event, Json.Obj entry, PolicyLibrary.Entry policy)
        implements Counted {

    @Override
    public String key() {
        return String.join(" ", org, event.policy().uid(), event.checksum(), mode().toString());
    }

    @Override
    public long timeMicros() {
        return event.timeMicros();
    }

    @Override
    public Json.Obj andMore(long hourMicros, long count) {
        return Lines.andMore(this, hourMicros, count);
    }

    PolicyMode mode() {
        return PolicyMode.parse(event.policy().mode()).orElse(PolicyMode.AUDIT);
    }

    Deviation.Kind kind() {
        return switch (event.deviation().object("metadata").text("type")) {
            case "ingress" -> Deviation.Kind.INGRESS;
            case "egress" -> Deviation.Kind.EGRESS;
            default -> Deviation.Kind.PROCESS;
        };
    }

    /** The image that acted, as {@code {name, exe, euser}}. */
    Json.Obj image() {
        var chain = event.inputs().chain().objects();
        return chain.isEmpty() ? Json.Obj.EMPTY : chain.getLast();
    }

    String lineId(int number) {
        return lineId(event.id(), number);
    }

    /** Id of the n-th line that a deviation writes; sorts behind those before it. */
    static String lineId(String deviationUid, int number) {
        return "log:" + Uids.bare(deviationUid) + ":" + String.format("%02d", number);
    }
}
