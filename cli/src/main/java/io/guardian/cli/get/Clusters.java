package io.guardian.cli.get;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.Comparator;
import java.util.List;

/** {@code get clusters}: the Kubernetes clusters the organisation has seen. */
public final class Clusters {
    public static final Names<Json.Obj> NAMES =
            new Names<>("cluster", cluster -> cluster.text("uid"), cluster -> cluster.text("name"));

    private static final Listing<Json.Obj> LISTING = new Listing<>(
            "clusters",
            List.of(
                    Column.text("NAME", cluster -> cluster.text("name")),
                    Column.text("UID", cluster -> cluster.text("uid")),
                    Column.text(
                            "CLUSTER_ID",
                            cluster -> cluster.object("cluster_details")
                                    .string("cluster_uid")
                                    .orElse("N/A")),
                    Column.text(
                            "FIRST_SEEN",
                            cluster -> cluster.string("valid_from").orElse("N/A")),
                    Column.text(
                            "LAST_DATA", cluster -> cluster.string("last_data").orElse("N/A"))),
            Comparator.comparing(cluster -> cluster.text("name")),
            cluster -> cluster.text("uid"),
            cluster -> cluster);

    private Clusters() {}

    public static int get(Session session) throws UsageException {
        session.talk().say("Getting clusters");
        var clusters = all(session);
        var word = session.arguments().word();
        LISTING.print(session, word.isEmpty() ? clusters : NAMES.all(clusters, word.get(), Reaches.ofList(session)));
        return 0;
    }

    /** Every cluster of the organisation. */
    public static List<Json.Obj> all(Session session) throws UsageException {
        return session.org().sendForList(org -> Call.get("/org/" + org + "/cluster/")).stream()
                .filter(cluster -> !cluster.text("uid").contains("/"))
                .toList();
    }
}
