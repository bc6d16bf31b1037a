package io.guardian.cli.get;

import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.session.PolicyRecords;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code get deviations}: what was outside policies, per policy and, wide, per kind of deviation. */
public final class Deviations {
    private Deviations() {}

    public static List<Option> options() {
        var options = new ArrayList<Option>(List.of(
                Option.value("LIST", "Only of these policies, by name or uid.", "--policies"),
                Option.flag("Every record, not one for each kind of deviation.", "--non-unique"),
                Option.flag("Also what the policy allows by now.", "--include-irrelevant"),
                Option.flag("The records around the documents too.", "--raw-data")));
        options.addAll(Window.options(Window.DAY));
        return options;
    }

    /** Deviations of one policy, those that are wanted. */
    private record OfPolicy(Json.Obj policy, List<Json.Obj> records) {
        Map<String, Json.Obj> unique() {
            var unique = new LinkedHashMap<String, Json.Obj>();
            // The newest of each kind; records come oldest first.
            records.forEach(record -> unique.put(record.text("checksum"), record));
            return unique;
        }

        /** How often they were seen: a record may stand for many. */
        long times() {
            return records.stream().mapToLong(DeviationCounts::times).sum();
        }
    }

    public static int get(Session session) throws UsageException {
        var window = Window.of(session, Window.DAY);
        session.talk().say(window.announcement("deviations"));
        var found = new ArrayList<OfPolicy>();
        for (var policy : policies(session)) {
            var relevance = Relevances.of(session, policy, session.arguments().has("--include-irrelevant"));
            var records = new ArrayList<Json.Obj>();
            PolicyRecords.stream(session, Policies.uid(policy), "event_deviation", window, record -> {
                if (DeviationCounts.isShown(relevance, record)) {
                    records.add(record);
                }
            });
            found.add(new OfPolicy(policy, records));
        }
        var format = OutputFormat.of(session.arguments().value("--output").orElse("default"));
        if (format.isTable()) {
            table(session, found, format == OutputFormat.WIDE);
        } else {
            documents(session, found);
        }
        return 0;
    }

    /** Policies named by {@code --policies} or by the word, else all. */
    private static List<Json.Obj> policies(Session session) throws UsageException {
        var all = Policies.fetch(session, Optional.empty(), false);
        var texts = new ArrayList<>(session.arguments().list("--policies"));
        session.arguments().word().ifPresent(texts::add);
        if (texts.isEmpty()) {
            return all;
        }
        return texts.stream()
                .flatMap(text -> Policies.NAMES.all(all, text, Reaches.ofList(session)).stream())
                .distinct()
                .toList();
    }

    private static void table(Session session, List<OfPolicy> found, boolean wide) throws UsageException {
        if (wide) {
            wideTable(session, found);
            return;
        }
        var texts = new LinkedHashMap<String, String>();
        found.forEach(
                entry -> texts.put(Policies.uid(entry.policy()), entry.unique().size() + "/" + entry.times()));
        var concerned = found.stream()
                .filter(entry -> !entry.records().isEmpty())
                .map(OfPolicy::policy)
                .toList();
        Policies.listing("deviations", false, Optional.of(new DeviationCounts(texts)))
                .print(session, concerned);
    }

    /** One kind of deviation of one policy. */
    private record Kind(Json.Obj policy, Json.Obj latest, long total) {}

    private static void wideTable(Session session, List<OfPolicy> found) throws UsageException {
        var kinds = new ArrayList<Kind>();
        for (var entry : found) {
            entry.unique()
                    .forEach((checksum, latest) -> kinds.add(new Kind(
                            entry.policy(),
                            latest,
                            entry.records().stream()
                                    .filter(record -> record.text("checksum").equals(checksum))
                                    .mapToLong(DeviationCounts::times)
                                    .sum())));
        }
        var columns = new ArrayList<Column<Kind>>(List.of(
                Column.text("UID", kind -> Policies.uid(kind.policy())),
                Column.text("NAME", kind -> Policies.name(kind.policy())),
                Column.text("STATUS", kind -> Policies.status(Policies.document(kind.policy()))),
                Column.number("DEVIATIONS_(UNIQ/TOT)", kind -> "1/" + kind.total()),
                Column.text("TYPE", kind -> Records.text(kind.latest(), "deviation.metadata.type")),
                Column.text("DESCRIPTION", kind -> described(kind.latest()))));
        if (kinds.stream()
                .anyMatch(kind -> !DecidingRules.inShort(kind.latest()).isEmpty())) {
            columns.add(Column.text("DECIDED_BY", kind -> DecidingRules.inShort(kind.latest())));
        }
        new Listing<Kind>(
                        "deviations",
                        columns,
                        Comparator.<Kind, String>comparing(kind -> Policies.name(kind.policy()))
                                .thenComparing(kind -> kind.latest().text("description")),
                        kind -> kind.latest().text("id"),
                        Kind::latest)
                .print(session, kinds);
    }

    private static String described(Json.Obj record) {
        long others = DeviationCounts.others(record);
        return Records.text(record, "description") + (others > 0 ? " (and " + others + " others like it)" : "");
    }

    private static void documents(Session session, List<OfPolicy> found) throws UsageException {
        var arguments = session.arguments();
        var records = new ArrayList<Json.Obj>();
        for (var entry : found) {
            records.addAll(
                    arguments.has("--non-unique")
                            ? entry.records()
                            : entry.unique().values());
        }
        boolean raw = arguments.has("--raw-data");
        new Listing<Json.Obj>(
                        "deviations",
                        List.of(),
                        Comparator.comparingDouble(Records::seen),
                        record -> record.text("id"),
                        record -> raw || record.get("deviation").isEmpty() ? record : record.object("deviation"))
                .print(session, records);
    }
}
