package io.guardian.backend.meta;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

final class SqlActions implements Actions {
    private final Database database;
    private final Mint mint;
    private final Consumer<String> onQueued;

    /** @param onQueued told the agent after each committed queueing */
    SqlActions(Database database, Mint mint, Consumer<String> onQueued) {
        this.database = database;
        this.mint = mint;
        this.onQueued = onQueued;
    }

    @Override
    public AgentAction queue(NewAction asked) {
        var action = new AgentAction(
                asked.orgUid(),
                mint.uid("action:"),
                asked.agentUid(),
                asked.actionType(),
                asked.objectUid(),
                asked.analyticUid(),
                asked.principal(),
                asked.actionTakenBy(),
                asked.reason(),
                asked.params(),
                AgentAction.State.QUEUED,
                0,
                "",
                "",
                io.guardian.core.text.Json.Obj.EMPTY,
                asked.validity(),
                Validity.OPEN);
        database.change(handle -> insert(handle, action));
        onQueued.accept(asked.agentUid());
        return action;
    }

    @Override
    public List<AgentAction> deliver(String agentUid, Instant now) {
        return database.write(handle -> {
            handle.createUpdate("""
                            UPDATE agent_action SET state = 'delivered'
                            WHERE agent_uid = :agent AND state = 'queued' AND (valid_to > :now OR valid_to = :open)""")
                    .bind("agent", agentUid)
                    .bind("now", Columns.micros(now))
                    .bind("open", Columns.micros(Validity.OPEN))
                    .execute();
            return handle.createQuery("""
                            SELECT * FROM agent_action
                            WHERE agent_uid = :agent AND state = 'delivered' AND (valid_to > :now OR valid_to = :open)
                            ORDER BY valid_from, uid""")
                    .bind("agent", agentUid)
                    .bind("now", Columns.micros(now))
                    .bind("open", Columns.micros(Validity.OPEN))
                    .map((row, _) -> action(row))
                    .list();
        });
    }

    @Override
    public Finish finish(String agentUid, String actionUid, Result result) {
        return database.write(handle -> {
            var found = handle.createQuery("SELECT * FROM agent_action WHERE uid = :uid AND agent_uid = :agent")
                    .bind("uid", actionUid)
                    .bind("agent", agentUid)
                    .map((row, _) -> action(row))
                    .findOne();
            return found.map(action -> finish(handle, action, result)).orElseGet(Finish.Unknown::new);
        });
    }

    /** A result for an action that already expired is still taken: the agent knows better what happened. */
    private static Finish finish(Handle handle, AgentAction action, Result result) {
        if (action.state() == AgentAction.State.COMPLETED) {
            boolean same = action.resultCode() == result.resultCode()
                    && action.errorReason().equals(result.errorReason());
            return same ? new Finish.Repeated(action) : new Finish.Contradicts(action);
        }
        handle.createUpdate("""
                        UPDATE agent_action SET state = 'completed', result_code = :code, error_reason = :reason,
                          error_message = :message, detail = :detail, completed = :completed
                        WHERE uid = :uid""")
                .bind("uid", action.uid())
                .bind("code", result.resultCode())
                .bind("reason", result.errorReason())
                .bind("message", result.errorMessage())
                .bind("detail", result.detail().toText())
                .bind("completed", Columns.micros(result.completed()))
                .execute();
        return new Finish.Accepted(byUid(handle, action.orgUid(), action.uid()).orElseThrow());
    }

    @Override
    public boolean reported(AgentAction action) {
        return database.write(handle -> {
            boolean isNew = byUid(handle, action.orgUid(), action.uid()).isEmpty();
            if (isNew) {
                insert(handle, action);
            }
            return isNew;
        });
    }

    @Override
    public List<AgentAction> expire(Instant now) {
        return database.write(handle -> {
            var late = handle.createQuery("""
                            SELECT * FROM agent_action WHERE state IN ('queued', 'delivered')
                              AND valid_to <= :now AND valid_to <> :open ORDER BY valid_from, uid""")
                    .bind("now", Columns.micros(now))
                    .bind("open", Columns.micros(Validity.OPEN))
                    .map((row, _) -> action(row))
                    .list();
            for (var action : late) {
                handle.createUpdate("UPDATE agent_action SET state = 'expired', completed = :now WHERE uid = :uid")
                        .bind("uid", action.uid())
                        .bind("now", Columns.micros(now))
                        .execute();
            }
            return late.stream()
                    .map(action -> byUid(handle, action.orgUid(), action.uid()).orElseThrow())
                    .toList();
        });
    }

    @Override
    public int killsSince(String policyUid, String agentUid, Instant since) {
        return database.read(handle -> handle.createQuery("""
                        SELECT COUNT(*) FROM agent_action WHERE analytic_uid = :policy AND agent_uid = :agent
                          AND valid_from >= :since AND action_type LIKE 'kill-%'""")
                .bind("policy", policyUid)
                .bind("agent", agentUid)
                .bind("since", Columns.micros(since))
                .mapTo(Integer.class)
                .one());
    }

    @Override
    public List<AgentAction> list(String orgUid) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM agent_action WHERE org_uid = :org ORDER BY valid_from DESC, uid")
                .bind("org", orgUid)
                .map((row, _) -> action(row))
                .list());
    }

    @Override
    public Optional<AgentAction> get(String orgUid, String uid) {
        return database.read(handle -> byUid(handle, orgUid, uid));
    }

    private static Optional<AgentAction> byUid(Handle handle, String orgUid, String uid) {
        return handle.createQuery("SELECT * FROM agent_action WHERE org_uid = :org AND uid = :uid")
                .bind("org", orgUid)
                .bind("uid", uid)
                .map((row, _) -> action(row))
                .findOne();
    }

    private static void insert(Handle handle, AgentAction action) {
        handle.createUpdate("""
                        INSERT INTO agent_action (uid, org_uid, agent_uid, action_type, object_uid, analytic_uid,
                          principal, action_taken_by, reason, params, state, result_code, error_reason,
                          error_message, detail, valid_from, valid_to, completed)
                        VALUES (:uid, :org, :agent, :type, :object, :analytic, :principal, :by, :reason, :params,
                          :state, :code, :errorReason, :errorMessage, :detail, :from, :to, :completed)""")
                .bind("uid", action.uid())
                .bind("org", action.orgUid())
                .bind("agent", action.agentUid())
                .bind("type", action.actionType())
                .bind("object", action.objectUid())
                .bind("analytic", action.analyticUid())
                .bind("principal", action.principal())
                .bind("by", action.actionTakenBy())
                .bind("reason", action.reason())
                .bind("params", action.params().toText())
                .bind("state", action.state().toString())
                .bind("code", action.resultCode())
                .bind("errorReason", action.errorReason())
                .bind("errorMessage", action.errorMessage())
                .bind("detail", action.detail().toText())
                .bind("from", Columns.micros(action.validity().from()))
                .bind("to", Columns.micros(action.validity().to()))
                .bind("completed", Columns.micros(action.completed()))
                .execute();
    }

    private static AgentAction action(ResultSet row) throws SQLException {
        String state = row.getString("state");
        return new AgentAction(
                row.getString("org_uid"),
                row.getString("uid"),
                row.getString("agent_uid"),
                row.getString("action_type"),
                row.getString("object_uid"),
                row.getString("analytic_uid"),
                row.getString("principal"),
                row.getString("action_taken_by"),
                row.getString("reason"),
                Columns.object(row, "params"),
                AgentAction.State.parse(state)
                        .orElseThrow(() -> new IllegalStateException("unknown stored state `" + state + "`")),
                row.getInt("result_code"),
                row.getString("error_reason"),
                row.getString("error_message"),
                Columns.object(row, "detail"),
                Columns.validity(row),
                Columns.instant(row, "completed"));
    }
}
