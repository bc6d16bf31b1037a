package io.guardian.cli.session;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** A search on the server: handed in, waited for, read page by page. */
public final class SearchJob {
    private static final int PAGE = 1000;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final Session session;
    private final Json.Obj request;

    /** @param request the body that hands the search in */
    public SearchJob(Session session, Json.Obj request) {
        this.session = session;
        this.request = request;
    }

    /** A search for whole records. */
    public static Json.Obj forRecords(String schema, String query, Window window) {
        return window.putInto(Json.object().put("schema", schema).put("query", query))
                .put("output_fields", Json.strings(java.util.List.of("full_json")))
                .build();
    }

    /**
     * Reads rows until there are no more, or the reader says that it has enough.
     *
     * @param each answers whether to go on
     * @throws Failure when the query is wrong or takes longer than {@code --timeout}
     */
    public void run(Predicate<Json.Obj> each) throws UsageException {
        var client = session.org();
        var submitted = client.sendForObject(org -> Call.query("/org/" + org + "/search/", request));
        submitted.string("error").filter(text -> !text.isEmpty()).ifPresent(text -> {
            throw Failure.because(text);
        });
        String job = submitted.text("id");
        Json token = Json.Null.VALUE;
        while (true) {
            var page = page(job, token);
            for (var row : page.array("results").objects()) {
                if (!each.test(whole(row))) {
                    return;
                }
            }
            var next = page.string("token");
            if (next.isEmpty()) {
                return;
            }
            token = Json.of(next.get());
        }
    }

    private Json.Obj page(String job, Json token) throws UsageException {
        var client = session.org();
        var body = Json.object().put("limit", PAGE).put("token", token).build();
        Instant deadline = session.world().clock().instant().plus(Globals.timeout(session.arguments()));
        var wait = FIRST_WAIT;
        while (true) {
            var answer = client.sendForObject(org -> Call.query("/org/" + org + "/search/" + job, body));
            if (answer.get("status").isEmpty()) {
                return answer;
            }
            if (session.world().clock().instant().isAfter(deadline)) {
                throw Failure.because("the search did not end in time, see --timeout");
            }
            session.world().pause().of(wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
        }
    }

    /** The record inside a row that carries it as text. */
    private static Json.Obj whole(Json.Obj row) {
        Optional<String> text = row.string("full_json");
        if (text.isEmpty()) {
            return row.get("full_json").isPresent() ? row.object("full_json") : row;
        }
        try {
            return JsonReader.readObject(text.get());
        } catch (JsonSyntaxException bad) {
            throw Failure.because("the server sent a record that is not JSON: " + bad.getMessage());
        }
    }
}
