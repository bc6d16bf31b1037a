package io.guardian.cli.get;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code get sources}: where data comes from, mostly machines. */
public final class Sources {
    static final Names<Json.Obj> NAMES = new Names<>("source", source -> source.text("uid"), Sources::name);
    private static final Duration FRESH = Duration.ofHours(24);

    private static final Listing<Json.Obj> LISTING = new Listing<>(
            "sources",
            List.of(
                    Column.text("NAME", Sources::name),
                    Column.text("UID", source -> source.text("uid")),
                    Column.text("REGISTRATION_DATE", source -> Moments.text(time(source, "valid_from"))),
                    Column.text("LAST_DATA", source -> Moments.text(lastData(source)))),
            Comparator.comparing(Sources::name).thenComparing(source -> Moments.text(lastData(source))),
            source -> source.text("uid"),
            source -> source);

    private Sources() {}

    public static List<Option> options() {
        return List.of(
                Option.flag("Also those without data in the last 24 hours.", "--include-expired"),
                Option.flag("Without the monitors of clusters.", "--exclude-clustermonitors"));
    }

    public static int get(Session session) throws UsageException {
        var arguments = session.arguments();
        var fresh = session.now().minus(FRESH);
        var sources = all(session).stream()
                .filter(source -> !source.text("uid").startsWith("global:"))
                .filter(source -> arguments.has("--include-expired")
                        || lastData(source).filter(time -> time.isAfter(fresh)).isPresent())
                .filter(source -> !arguments.has("--exclude-clustermonitors")
                        || !source.text("agent_type").equals("cluster-monitor"))
                .toList();
        var word = arguments.word();
        LISTING.print(session, word.isEmpty() ? sources : NAMES.all(sources, word.get(), Reaches.ofList(session)));
        return 0;
    }

    /** Every source of the organisation, the pseudo-source of everything included. */
    static List<Json.Obj> all(Session session) throws UsageException {
        return session.org().sendForList(org -> Call.get("/org/" + org + "/source/?page_size=-1"));
    }

    /** What the person called it, else its host's name. */
    static String name(Json.Obj source) {
        return source.string("description").filter(text -> !text.isEmpty()).orElseGet(() -> hostname(source));
    }

    static String hostname(Json.Obj source) {
        return source.object("runtime_details")
                .string("hostname")
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> source.text("name"));
    }

    private static Optional<Instant> lastData(Json.Obj source) {
        return time(source, "last_data").or(() -> time(source, "last_stored_chunk_end_time"));
    }

    private static Optional<Instant> time(Json.Obj source, String key) {
        return source.get(key).flatMap(Moments::read);
    }
}
