package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.Command;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.Positional;
import io.guardian.cli.line.Suggestion;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.output.Table;
import io.guardian.cli.session.SearchJob;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.cli.shell.Failure;
import io.guardian.core.schema.SearchSchema;
import io.guardian.core.schema.SearchSchemas;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/** {@code search}: records that match a query. */
final class SearchAction {
    private static final int DEFAULT_LIMIT = 10_000;

    private SearchAction() {}

    static Command.Body<Action> body() {
        return Command.does((Action) SearchAction::run)
                .describe("Asks for records in the query language. A query is tests joined by AND, OR and NOT, such as"
                        + " `exe ~= \"*/bash\" and not euser = \"root\"`; `*` is every record.")
                .words(new Positional("[SCHEMA] [QUERY]", "Schema id or title, and the query.", 0, 2))
                .option(Option.flag("List the schemas.", "-l", "--list-schemas"))
                .option(Option.flag("List the fields of the schema.", "-d", "--describe"))
                .options(Window.options(Window.DAY))
                .option(CommonOptions.output("ndjson", "json", "yaml", "default", "name"))
                .option(Option.value("LIST", "Only these fields.", "--fields"))
                .option(Option.value("N", "At most this many (10000); 0 is no bound.", "--limit"))
                .option(Option.flag("Only how many there are.", "--count"))
                .option(Option.value("FIELD[:desc]", "Order of the rows.", "--order-by"))
                .option(Option.flag("Only check the query.", "-S", "--skip-results"))
                .example("spyctl search model_process 'name = \"nc\"' -t 7d", "every nc of a week")
                .example("spyctl search model_process --describe", "what can be asked of processes")
                .build();
    }

    private static int run(Session session) throws UsageException {
        var arguments = session.arguments();
        if (arguments.has("--list-schemas")) {
            return listSchemas(session);
        }
        String typed =
                arguments.word().orElseThrow(() -> new UsageException("give a schema, or see `search --list-schemas`"));
        var schema = SearchSchemas.byIdOrTitle(typed).orElseThrow(() -> unknown(typed));
        if (arguments.has("--describe")) {
            return describe(session, schema);
        }
        // A full schema string also limits the subtype.
        String asked = typed.startsWith(schema.id()) ? typed : schema.id();
        String query = arguments.words().size() > 1 ? arguments.words().get(1) : "*";
        return arguments.has("--skip-results") ? validate(session, asked, query) : results(session, asked, query);
    }

    private static UsageException unknown(String typed) {
        var ids = SearchSchemas.all().stream().map(SearchSchema::id).toList();
        return new UsageException("no schema `" + typed + "`" + Suggestion.hint(typed, ids));
    }

    private static int listSchemas(Session session) {
        var table = Table.of("SCHEMA", "TITLE");
        SearchSchemas.all().forEach(schema -> table.add(List.of(schema.id(), schema.title())));
        session.printer().table(table);
        return 0;
    }

    private static int describe(Session session, SearchSchema schema) {
        var table = Table.of("FIELD", "TYPE");
        schema.fields().forEach((field, type) -> table.add(List.of(field, type.wireName())));
        session.printer().table(table);
        return 0;
    }

    private static int validate(Session session, String schema, String query) throws UsageException {
        var body = Json.object().put("schema", schema).put("query", query).build();
        var answer = session.org().sendForObject(org -> Call.query("/org/" + org + "/search/validate", body));
        if (!answer.bool("ok").orElse(false)) {
            var help = answer.string("help").map(text -> " " + text);
            throw Failure.because(answer.text("error"), help.map(List::of).orElse(List.of()));
        }
        session.talk().say("The query is valid.");
        return 0;
    }

    private static int results(Session session, String schema, String query) throws UsageException {
        var arguments = session.arguments();
        var fields = arguments.list("--fields");
        boolean whole = fields.isEmpty() && !arguments.has("--count");
        var body = Window.of(session, Window.DAY)
                .putInto(Json.object().put("schema", schema).put("query", query))
                .put(
                        "output_fields",
                        Json.strings(whole ? List.of("full_json") : fields.isEmpty() ? List.of("id") : fields));
        arguments.value("--order-by").ifPresent(order -> body.put("order_by", order(order)));
        int given = arguments.number("--limit", DEFAULT_LIMIT, 0, Integer.MAX_VALUE);
        int limit = given == 0 || arguments.has("--count") ? Integer.MAX_VALUE : given;
        var format = OutputFormat.of(arguments.value("--output").orElse("ndjson"));
        var rows = new ArrayList<Json.Obj>();
        var count = new long[1];
        new SearchJob(session, body.build()).run(row -> {
            if (count[0] == limit) {
                session.talk().warn("only the first " + limit + " rows are shown, see --limit");
                return false;
            }
            count[0]++;
            if (arguments.has("--count")) {
                return true;
            }
            if (format == OutputFormat.NDJSON || format.isTable()) {
                session.printer().line(row.toText());
            } else if (format == OutputFormat.NAME) {
                session.printer().line(row.text("id"));
            } else {
                rows.add(row);
            }
            return true;
        });
        if (arguments.has("--count")) {
            session.printer().line(Long.toString(count[0]));
        } else if (format == OutputFormat.YAML || format == OutputFormat.JSON) {
            session.printer().records(rows, format);
        }
        return 0;
    }

    private static Json order(String text) {
        var orders = new ArrayList<Json>();
        for (String part : text.split(",", -1)) {
            boolean descending = part.endsWith(":desc");
            String field = part.replaceFirst(":(asc|desc)$", "");
            orders.add(Json.object()
                    .put("name", field)
                    .put("ascending", !descending)
                    .build());
        }
        return new Json.Arr(orders);
    }
}
