package io.guardian.cli.get;

import io.guardian.cli.command.SearchJob;
import io.guardian.cli.command.Session;
import io.guardian.cli.command.Window;
import io.guardian.cli.line.Arguments;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.output.OutputFormat;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists recorded things: makes the query from the options, asks for it, groups what comes. */
public final class DataListing {
    private final DataResource resource;

    private DataListing(DataResource resource) {
        this.resource = resource;
    }

    /** Every listing that a search answers. */
    public static List<DataListing> all() {
        var all = new ArrayList<DataListing>();
        RuntimeResources.all().forEach(resource -> all.add(new DataListing(resource)));
        KubernetesResources.all().forEach(resource -> all.add(new DataListing(resource)));
        return all;
    }

    public String name() {
        return resource.name();
    }

    public List<String> aliases() {
        return resource.aliases();
    }

    public String summary() {
        return resource.summary();
    }

    public List<Option> options() {
        var options = new ArrayList<Option>(Window.options(Window.DAY));
        if (hasExceptions()) {
            options.add(Option.flag("Also what a policy explains.", "--include-exceptions"));
        }
        options.addAll(ContextFilters.options());
        options.addAll(FieldFilter.options(resource.schema()));
        return options;
    }

    private boolean hasExceptions() {
        return resource.schema().equals("event_redflag") || resource.schema().equals("event_opsflag");
    }

    public int get(Session session) throws UsageException {
        var window = Window.of(session, Window.DAY);
        session.talk().say(window.announcement(resource.name()));
        String query = query(session);
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
                    resource.schema().equals("model_process") && resource.name().equals("linux-services")
                            ? HostNames.add(session, found)
                            : found,
                    format);
        }
        hint(session, query, window);
        return 0;
    }

    private void print(Session session, List<Json.Obj> found, OutputFormat format) throws UsageException {
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
                .print(session, groups.values().stream().map(Records::new).toList());
    }

    /** The search whose rows these are, to be gone on with. */
    private void hint(Session session, String query, Window window) {
        if (session.world().terminal().isErr()) {
            session.talk()
                    .say("Same rows: spyctl search " + resource.schema() + " " + QueryText.shellWord(query) + " -t "
                            + Moments.text(window.start()) + " -e " + Moments.text(window.end()));
        }
    }

    private String query(Session session) throws UsageException {
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
        if (hasExceptions() && !arguments.has("--include-exceptions")) {
            clauses.add(RuntimeResources.WITHOUT_EXCEPTIONS);
        }
        return QueryText.and(clauses);
    }
}
