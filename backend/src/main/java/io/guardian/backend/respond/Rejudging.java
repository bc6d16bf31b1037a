package io.guardian.backend.respond;

import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Deviation;
import io.guardian.core.decide.Deviations;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.decide.Observed;
import io.guardian.core.event.Seconds;
import io.guardian.core.id.Uids;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Judges again, from the inputs that a deviation carries, and raises an alarm when the result differs from the agent's:
 * then one of the two is wrong, or the agent is not what it says it is.
 *
 * <p>Only process deviations are judged again: those of connections don't carry the address when a name was known.
 */
public final class Rejudging {
    private final AtomicLong judged = new AtomicLong();
    private final AtomicLong different = new AtomicLong();

    public long judged() {
        return judged.get();
    }

    public long different() {
        return different.get();
    }

    /** The alarm, if there is a difference. */
    Optional<Json.Obj> check(Case found) {
        var chain = found.event().inputs().chain().objects();
        boolean process =
                found.event().deviation().object("metadata").text("type").equals("process");
        boolean socket = found.event().ref().startsWith("sock:");
        if (!process || socket || chain.isEmpty() || found.event().uncertain()) {
            return Optional.empty();
        }
        judged.incrementAndGet();
        var again = judge(found.policy().compiled(), chain);
        if (again.map(Deviation::checksum).equals(Optional.of(found.event().checksum()))) {
            return Optional.empty();
        }
        different.incrementAndGet();
        return Optional.of(alarm(found, again));
    }

    private static Optional<Deviation> judge(CompiledPolicy policy, List<Json.Obj> chain) {
        var observed = new ArrayList<Observed>();
        NodeSet above = policy.none();
        for (Json.Obj image : chain) {
            String name = image.text("name");
            String exe = image.text("exe");
            String euser = image.text("euser");
            var matched = observed.isEmpty() ? policy.root(name, exe, euser) : policy.child(above, name, exe, euser);
            observed.add(new Observed(name, exe, euser, matched));
            above = matched;
        }
        return policy.allows(above) ? Optional.empty() : Optional.of(new Deviations(policy).process(observed));
    }

    private static Json.Obj alarm(Case found, Optional<Deviation> again) {
        var event = found.event();
        String said = again.map(Deviation::checksum).map(sum -> "`" + sum + "`").orElse("allowed");
        return Json.object()
                .put("id", "event_agent_health:" + Uids.bare(event.id()) + ":verdict")
                .put("schema", "event_agent_health::1.0.0")
                .put("time", Seconds.json(event.timeMicros()))
                .put("version", 1)
                .put("ref", found.agentUid())
                .put("muid", event.owner().muid())
                .put("status", "Error")
                .put(
                        "message",
                        "the server judges deviation `" + event.id() + "` of policy `"
                                + event.policy().uid() + "` otherwise: " + said + ", the agent said `"
                                + event.checksum() + "`")
                .build();
    }
}
