package io.guardian.cli.get;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.Comparator;
import java.util.List;

/**
 * {@code get agents}: the agents that registered, the sickest first, as the server knows them from their heartbeats.
 */
public final class Agents {
    private static final List<String> SICKEST_FIRST = List.of(
            "Offline",
            "Critical",
            "Error",
            "Warning",
            "Normal",
            "Restarting",
            "Restarted",
            "Starting",
            "Started",
            "Deleted");

    private static final Names<Json.Obj> NAMES = new Names<>("agent", agent -> agent.text("uid"), Agents::name);

    private static final Listing<Json.Obj> LISTING = new Listing<>(
            "agents",
            List.of(
                    Column.text("NAME", Agents::name),
                    Column.text("ID", agent -> agent.text("uid")),
                    Column.text("HEALTH", agent -> Records.text(agent, "status")),
                    Column.text("ACTIVE_BATS", Agents::modules),
                    Column.text("AGENT_VERSION", agent -> Records.text(agent, "agent_version")),
                    Column.<Json.Obj>text("CLUSTER", agent -> Records.text(agent, "cluster_name"))
                            .wideOnly(),
                    Column.<Json.Obj>text("CLOUD_REGION", agent -> Records.text(agent, "runtime_details.cloud_region"))
                            .wideOnly(),
                    Column.<Json.Obj>text("CLOUD_TYPE", agent -> Records.text(agent, "runtime_details.cloud_type"))
                            .wideOnly()),
            Comparator.<Json.Obj>comparingInt(agent -> rank(agent.text("status")))
                    .thenComparing(Agents::name),
            agent -> agent.text("uid"),
            agent -> agent);

    private Agents() {}

    public static List<Option> options() {
        return List.of(Option.flag("Also archived ones.", "--include-archived"));
    }

    public static int get(Session session) throws UsageException {
        boolean archived = session.arguments().has("--include-archived");
        var agents = session.org().sendForList(org -> Call.get("/org/" + org + "/agent/?page_size=-1")).stream()
                .filter(agent -> archived || !agent.bool("archived").orElse(false))
                .toList();
        var word = session.arguments().word();
        LISTING.print(session, word.isEmpty() ? agents : NAMES.all(agents, word.get(), Reaches.ofList(session)));
        return 0;
    }

    private static String name(Json.Obj agent) {
        return agent.object("runtime_details")
                .string("hostname")
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> agent.text("description"));
    }

    private static int rank(String health) {
        int place = SICKEST_FIRST.indexOf(health);
        return place < 0 ? SICKEST_FIRST.size() : place;
    }

    /** Running modules of all modules the last heartbeat named. */
    private static String modules(Json.Obj agent) {
        var modules = agent.object("heartbeat").object("bats").fields().values();
        long running = modules.stream()
                .filter(module -> module instanceof Json.Obj state
                        && state.bool("running").orElse(false))
                .count();
        return running + "/" + modules.size();
    }
}
