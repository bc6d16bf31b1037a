package io.guardian.cli.get;

import io.guardian.cli.line.Arguments;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.session.SearchJob;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Lists recorded things: makes the query from the options, asks for it, groups what comes. */
public final class DataListing {
    private final String name;
    private final List<String> aliases;
    private final String summary;
    private final Supplier<DataResource> details;

    /** @param details made only when the listing is asked for */
    DataListing(String name, List<String> aliases, String summary, Supplier<DataResource> details) {
        this.name = name;
        this.aliases = List.copyOf(aliases);
        this.summary = summary;
        this.details = details;
    }

    /** Every listing that a search answers. */
    public static List<DataListing> all() {
        var all = new ArrayList<>(RuntimeResources.all());
        all.addAll(KubernetesResources.all());
        return all;
    }

    public String name() {
        return name;
    }

    public List<String> aliases() {
        return aliases;
    }

    public String summary() {
        return summary;
    }

    public List<Option> options() {
        var resource = details.get();
        var options = new ArrayList<Option>(Window.options(Window.DAY));
        if (hasExceptions(resource)) {
            options.add(Option.flag("Also what a policy explains.", "--include-exceptions"));
        }
        options.addAll(ContextFilters.options());
        options.addAll(FieldFilter.options(resource.schema()));
        return options;
    }

    private static boolean hasExceptions(DataResource resource) {
        return resource.schema().equals("event_redflag") || resource.schema().equals("event_opsflag");
    }

    public int get(Session session) throws UsageException {
        var resource = details.get();
        var window = Window.of(session, Window.DAY);
        session.talk().say(window.announcement(resource.name()));
        String query = query(session, resource);
        int limit = Listing.limit(session);
        var found = new ArrayList<Json.Obj>();
        var format = OutputFormat.of(session.arguments().value("--output").orElse("default"));
        boolean streaming = format == OutputFormat.NDJSON
                && session.arguments().list("--uid").isEmpty();
        var count = new int[1];
        new SearchJob(session, SearchJob.forRecords(resource.schema(), query, window)).run(record -> {
            if (count[0] == limit) {
                session.talk().warn("only the first " + limit + " " + resource.name() + " are shown, see --limit");
                return false;
            }
            count[0]++;
            if (streaming) {
                session.printer().line(record.toText());
            } else {
                found.add(record);
            }
            return true;
        });
        if (!streaming) {
            print(
                    session,
                    resource,
                    resource.name().equals("linux-services") ? HostNames.add(session, found) : found,
                    format,
                    window.end());
        }
        hint(session, resource, query, window);
        return 0;
    }

    private static void print(
            Session session, DataResource resource, List<Json.Obj> found, OutputFormat format, Instant asOf)
            throws UsageException {
        if (!format.isTable()) {
            new Listing<Json.Obj>(
                            resource.name(),
                            List.of(),
                            java.util.Comparator.comparingDouble(Records::seen).reversed(),
                            record -> record.text("id"),
                            record -> record)
                    .print(session, found);
            return;
        }
        Map<List<String>, List<Json.Obj>> groups = new LinkedHashMap<>();
        for (var record : found) {
            groups.computeIfAbsent(resource.group().apply(record), _ -> new ArrayList<>())
                    .add(record);
        }
        new Listing<Records>(
                        resource.name(),
                        resource.columns(),
                        resource.order(),
                        row -> row.first().text("id"),
                        Records::first)
                .print(
                        session,
                        groups.values().stream()
                                .map(records -> new Records(records, asOf))
                                .toList());
    }

    /** The search whose rows these are, to be gone on with. */
    private static void hint(Session session, DataResource resource, String query, Window window) {
        if (session.world().terminal().isErr()) {
            session.talk()
                    .say("Same rows: spyctl search " + resource.schema() + " " + QueryText.shellWord(query) + " -t "
                            + Moments.text(window.start()) + " -e " + Moments.text(window.end()));
        }
    }

    private static String query(Session session, DataResource resource) throws UsageException {
        Arguments arguments = session.arguments();
        var clauses = new ArrayList<String>();
        if (!resource.always().isEmpty()) {
            clauses.add(resource.always());
        }
        arguments.word().ifPresent(name -> {
            var fields = new ArrayList<>(resource.nameFields());
            fields.add("id");
            clauses.add(QueryText.nameTest(fields, name, arguments.has("--exact")));
        });
        clauses.addAll(ContextQuery.of(session, resource.schema()));
        for (var filter : FieldFilter.of(arguments, resource.schema())) {
            clauses.add(filter.toQuery());
        }
        if (hasExceptions(resource) && !arguments.has("--include-exceptions")) {
            clauses.add(RuntimeResources.WITHOUT_EXCEPTIONS);
        }
        return QueryText.and(clauses);
    }
}
