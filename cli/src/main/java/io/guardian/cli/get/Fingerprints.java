package io.guardian.cli.get;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code get fingerprints}: what instances of workloads did, by image or service. */
public final class Fingerprints {
    private static final List<String> NAME_FIELDS =
            List.of("image", "image_id", "container_name", "container_id", "service_name", "cgroup", "id");

    private Fingerprints() {}

    public static List<Option> options() {
        var options = new ArrayList<Option>();
        options.add(Option.value("", "Of containers or of Linux services; needed.", "-T", "--type")
                .oneOf("container", "linux-service"));
        options.add(Option.flag("The records, not groups of them.", "--raw-data"));
        options.add(Option.value("LIST", "Further columns, which also part the rows.", "--group-by"));
        options.addAll(Window.options(Window.SHORT));
        options.addAll(ContextFilters.options());
        options.addAll(FieldFilter.options("model_fingerprint"));
        return options;
    }

    public static int get(Session session) throws UsageException {
        var arguments = session.arguments();
        String type = arguments
                .value("--type")
                .orElseThrow(() -> new UsageException("option `--type` is needed: container or linux-service"));
        var window = Window.of(session, Window.SHORT);
        session.talk().say(window.announcement("fingerprints"));
        var found = newest(fetch(session, type, window, arguments.word()));
        var format = OutputFormat.of(arguments.value("--output").orElse("default"));
        if (format.isTable()) {
            FingerprintTable.print(session, type, found, format == OutputFormat.WIDE);
        } else if (format == OutputFormat.NAME) {
            found.forEach(record -> session.printer().line(id(record)));
        } else {
            documents(session, found, format);
        }
        return 0;
    }

    private static void documents(Session session, List<Json.Obj> found, OutputFormat format) {
        if (found.isEmpty()) {
            session.talk().say("No fingerprints found.");
        }
        var shown = session.arguments().has("--raw-data") ? found : FingerprintGroups.of(found);
        if (!shown.isEmpty() || format == OutputFormat.JSON) {
            session.printer().document(shown, format);
        }
    }

    /** Records of the window, as the server streams them. */
    static List<Json.Obj> fetch(Session session, String type, Window window, Optional<String> name)
            throws UsageException {
        var records = new ArrayList<Json.Obj>();
        var body = Json.object();
        for (var entry : ContextFilters.of(session).entrySet()) {
            body.put(entry.getKey().requestKey(), Json.strings(uids(session, entry.getKey(), entry.getValue())));
        }
        boolean exact = session.arguments().has("--exact");
        var tests = new ArrayList<Json>();
        name.map(text -> nameTest(text, exact)).ifPresent(tests::add);
        FieldFilter.of(session.arguments(), "model_fingerprint").stream()
                .map(FieldFilter::toExpression)
                .forEach(tests::add);
        int limit = Listing.limit(session);
        session.org().stream(
                org -> Call.query("/fingerprint/guardian/query", request(org, type, window, body.build(), tests)),
                record -> {
                    if (records.size() < limit) {
                        records.add(record);
                    }
                });
        if (records.size() == limit) {
            session.talk().warn("only the first " + limit + " fingerprints are shown, see --limit");
        }
        return records;
    }

    /** The query wants uids of machines and clusters; people give names. */
    private static List<String> uids(Session session, ContextFilters filter, List<String> values)
            throws UsageException {
        return switch (filter) {
            case CLUSTER -> ContextQuery.clusters(session, values);
            case MACHINES -> ContextQuery.machines(session, values);
            case NAMESPACE, POD, IMAGE, IMAGE_ID, CONTAINER_NAME, CONTAINER_ID, CGROUP -> values;
        };
    }

    private static Json.Obj request(String org, String type, Window window, Json.Obj filters, List<Json> tests) {
        var body = window.putInto(Json.object()
                        .put("org_uid", org)
                        .put("src_uid", "global:" + org)
                        .put("fingerprint_type", type.equals("container") ? "container" : "linux_svc")
                        .put("unique", true))
                .put(
                        "expr",
                        switch (tests.size()) {
                            case 0 -> Json.Null.VALUE;
                            case 1 -> tests.getFirst();
                            default ->
                                Json.object().put("and", new Json.Arr(tests)).build();
                        });
        filters.fields().forEach(body::put);
        return body.build();
    }

    private static Json nameTest(String text, boolean exact) {
        var tests = NAME_FIELDS.stream()
                .<Json>map(field -> exact ? Expressions.equal(field, text) : Expressions.contains(field, text))
                .toList();
        return Json.object().put("or", new Json.Arr(tests)).build();
    }

    /** The newest record of each fingerprint. */
    private static List<Json.Obj> newest(List<Json.Obj> records) {
        Map<String, Json.Obj> byId = new LinkedHashMap<>();
        for (var record : records) {
            byId.merge(id(record), record, (old, other) -> time(other) >= time(old) ? other : old);
        }
        return List.copyOf(byId.values());
    }

    static String id(Json.Obj record) {
        return record.object("metadata").string("id").orElseGet(() -> record.text("id"));
    }

    static double time(Json.Obj record) {
        return record.object("metadata")
                .number("latestTimestamp")
                .or(() -> record.number("latestTimestamp"))
                .or(() -> record.number("time"))
                .map(Json.Num::asDouble)
                .orElse(0.0);
    }
}
