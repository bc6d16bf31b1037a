package io.guardian.cli.get;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code get policies}: the policies that were applied. */
public final class Policies {
    public static final Names<Json.Obj> NAMES = new Names<>("policy", Policies::uid, Policies::name);

    /** Types as they are asked for, and as documents write them. */
    private static final Map<String, String> TYPES =
            Map.of("linux-service", "linux-service", "container", "container", "trace", "trace", "cluster", "cluster");

    private Policies() {}

    public static List<Option> options() {
        return List.of(
                Option.value("", "Only this type.", "--type").oneOf("linux-service", "container", "trace", "cluster"),
                Option.flag("Count what deviated in the time window.", "--get-deviations"),
                Option.flag("Every version that ever was.", "--from-archive"),
                Option.value("N", "Only this version, from the archive.", "--version"),
                Option.flag("Write each to a file of its name.", "-O", "--output-to-file"),
                Option.flag("The records around the documents too.", "--raw-data"));
    }

    /** Lists policies of the type that {@code --type} gives, or of all. */
    public static int get(Session session) throws UsageException {
        return get(session, session.arguments().value("--type").map(TYPES::get));
    }

    /** Lists policies of one type, or of all. */
    public static int get(Session session, Optional<String> type) throws UsageException {
        var arguments = session.arguments();
        int version = arguments.number("--version", 0, 1, Integer.MAX_VALUE);
        boolean archive = arguments.has("--from-archive") || version > 0;
        var found = new ArrayList<>(fetch(session, type, archive));
        found.removeIf(policy -> version > 0 && version(policy) != version);
        var word = arguments.word();
        var chosen = word.isEmpty() ? found : NAMES.all(found, word.get(), Reaches.ofList(session));
        if (arguments.has("--output-to-file")) {
            DocumentFiles.write(session, chosen.stream().map(Policies::document).toList());
            return 0;
        }
        var counts = arguments.has("--get-deviations")
                ? DeviationCounts.of(session, chosen)
                : Optional.<DeviationCounts>empty();
        listing("policies", arguments.has("--raw-data"), counts).print(session, chosen);
        return 0;
    }

    /** Envelopes as the server sends them. */
    public static List<Json.Obj> fetch(Session session, Optional<String> type, boolean archive) throws UsageException {
        String filter = type.map(name -> "&type=" + name).orElse("");
        return session.org()
                .sendForList(org -> Call.get("/org/" + org + "/analyticspolicy/?from_archive=" + archive + filter));
    }

    static Listing<Json.Obj> listing(String what, boolean raw, Optional<DeviationCounts> counts) {
        var columns = new ArrayList<Column<Json.Obj>>(List.of(
                Column.text("UID", Policies::uid),
                Column.text("NAME", Policies::name),
                Column.text("STATUS", policy -> status(document(policy))),
                Column.text("TYPE", policy -> metadata(policy).text("type")),
                Column.number(
                        "VERSION",
                        policy -> metadata(policy)
                                .number("version")
                                .map(Json.Num::digits)
                                .orElse("N/A")),
                Column.text("CREATE_TIME", policy -> time(policy, "creationTimestamp"))));
        counts.ifPresent(
                known -> columns.add(Column.number("DEVIATIONS_(UNIQ/TOT)", policy -> known.text(uid(policy)))));
        columns.add(Column.<Json.Obj>text("LAST_UPDATED", policy -> time(policy, "lastUpdatedTimestamp"))
                .wideOnly());
        columns.add(Column.<Json.Obj>text(
                        "LAST_UPDATED_BY",
                        policy -> metadata(policy).string("lastUpdatedBy").orElse("N/A"))
                .wideOnly());
        return new Listing<>(
                what,
                columns,
                Comparator.<Json.Obj, String>comparing(
                                policy -> metadata(policy).text("type"))
                        .thenComparing(Policies::name)
                        .thenComparing(
                                Comparator.comparingLong(Policies::version).reversed()),
                Policies::uid,
                raw ? policy -> policy : Policies::document);
    }

    /** The document inside an envelope; it may also stand alone. */
    public static Json.Obj document(Json.Obj envelope) {
        return envelope.get("policy").isPresent() ? envelope.object("policy") : envelope;
    }

    private static Json.Obj metadata(Json.Obj envelope) {
        return document(envelope).object("metadata");
    }

    public static String uid(Json.Obj envelope) {
        return metadata(envelope).string("uid").orElseGet(() -> envelope.text("uid"));
    }

    public static String name(Json.Obj envelope) {
        return metadata(envelope).text("name");
    }

    /** 0 when it was never applied. */
    public static long version(Json.Obj envelope) {
        return metadata(envelope).number("version").map(Json.Num::asLong).orElse(0L);
    }

    private static String time(Json.Obj policy, String key) {
        return Moments.text(metadata(policy).get(key).flatMap(Moments::read));
    }

    /** What a policy is doing at the moment, in one or two words. */
    public static String status(Json.Obj document) {
        boolean applied = !document.object("metadata").text("uid").isEmpty();
        var spec = document.object("spec");
        if (!spec.bool("enabled").orElse(true)) {
            return applied ? "Disabled" : "Not Applied & Disabled";
        }
        if (!applied) {
            return "Not Applied";
        }
        return spec.text("mode").equals("enforce") ? "Enforcing" : "Auditing";
    }
}
