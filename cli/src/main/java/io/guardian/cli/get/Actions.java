package io.guardian.cli.get;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code get actions}: what agents were told to do, and what came of it. */
public final class Actions {
    private static final Map<String, String> FILTERS = new LinkedHashMap<>(Map.of(
            "--state", "state_equals",
            "--agent", "agent_uid_equals",
            "--object", "object_uid_equals"));

    private static final Listing<Json.Obj> LISTING = new Listing<>(
            "actions",
            List.of(
                    Column.text("UID", action -> action.text("uid")),
                    Column.text("TYPE", action -> action.text("action_type")),
                    Column.text("OBJECT", action -> Records.text(action, "object_uid")),
                    Column.text("STATE", action -> action.text("state")),
                    Column.text("RESULT", Actions::result),
                    Column.text("POLICY", action -> Records.text(action, "analytic_uid")),
                    Column.text("BY", action -> Records.text(action, "action_taken_by")),
                    Column.text("TIME", action -> Moments.text(Records.instant(action, "valid_from")))),
            Comparator.<Json.Obj, String>comparing(action -> Moments.text(Records.instant(action, "valid_from")))
                    .reversed(),
            action -> action.text("uid"),
            action -> action);

    private Actions() {}

    public static List<Option> options() {
        return List.of(
                Option.value("", "Only in this state.", "--state").oneOf("queued", "delivered", "completed", "expired"),
                Option.value("UID", "Only of this agent.", "--agent"),
                Option.value("UID", "Only on this object.", "--object"),
                Option.value("UID", "Only by this policy.", "--policy"));
    }

    private static String result(Json.Obj action) {
        if (!action.text("state").equals("completed")) {
            return Moments.UNKNOWN;
        }
        boolean done =
                action.number("result_code").filter(code -> code.asLong() == 0).isPresent();
        String reason = action.object("error").text("reason");
        return done ? "done" : reason.isEmpty() ? "failed" : reason;
    }

    public static int get(Session session) throws UsageException {
        var arguments = session.arguments();
        var query = new StringBuilder("page_size=-1");
        FILTERS.forEach((option, key) -> arguments
                .value(option)
                .ifPresent(value -> query.append('&').append(key).append('=').append(Call.encode(value))));
        var answer = session.org().sendForObject(org -> Call.get("/org/" + org + "/agent_action_status?" + query));
        var found = new ArrayList<>(answer.array("action_statuses").objects());
        arguments
                .value("--policy")
                .ifPresent(uid ->
                        found.removeIf(action -> !action.text("analytic_uid").endsWith(uid)));
        arguments
                .word()
                .ifPresent(text -> found.removeIf(action -> !action.text("uid").contains(text)));
        LISTING.print(session, found);
        return 0;
    }
}
