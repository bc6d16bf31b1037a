package io.guardian.backend.agents;

import io.guardian.backend.ingest.Ingest;
import io.guardian.backend.ingest.Refused;
import io.guardian.backend.meta.AgentAction;
import io.guardian.backend.meta.MetaStore;
import java.time.Clock;
import java.util.List;

/** Ends actions that no agent carried out in time, with a line in the log of the policy that wanted them. */
public final class ActionExpiry {
    private static final System.Logger LOG = System.getLogger(ActionExpiry.class.getName());

    private final MetaStore meta;
    private final Ingest ingest;
    private final Clock clock;

    public ActionExpiry(MetaStore meta, Ingest ingest, Clock clock) {
        this.meta = meta;
        this.ingest = ingest;
        this.clock = clock;
    }

    public void check() {
        for (AgentAction action : meta.actions().expire(clock.instant())) {
            if (!action.analyticUid().isEmpty()) {
                log(action);
            }
        }
    }

    private void log(AgentAction action) {
        String policy = meta.policies()
                .get(action.orgUid(), action.analyticUid())
                .map(stored -> stored.name())
                .orElse("");
        try {
            ingest.record(action.orgUid(), List.of(ActionLines.ended(action, policy)));
        } catch (Refused refused) {
            LOG.log(System.Logger.Level.WARNING, "an expired action can't be logged: " + refused.getMessage());
        }
    }
}
