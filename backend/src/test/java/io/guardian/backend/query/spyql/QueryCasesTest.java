package io.guardian.backend.query.spyql;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.meta.Mint;
import io.guardian.backend.query.QueryProblem;
import io.guardian.backend.query.search.SearchJobs;
import io.guardian.backend.query.search.SearchRequest;
import io.guardian.backend.store.DuckHistory;
import io.guardian.backend.store.HistoryLimits;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each line of the cases is a query with the records it finds in the recorded ones, or with the error it gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryCasesTest {
    private static final Window WINDOW = new Window(0, 2_000);

    private final DuckHistory history;
    private final SearchJobs jobs;

    QueryCasesTest(@TempDir Path folder) throws IOException {
        history = DuckHistory.open(folder, HistoryLimits.DEFAULT, Clock.systemUTC());
        jobs = new SearchJobs(history, new Mint(new SecureRandom()), Clock.systemUTC());
    }

    @BeforeAll
    void record() {
        history.commit(lines("records").map(record -> Row.of("acme", record)).toList(), 1);
    }

    @AfterAll
    void close() throws IOException {
        jobs.close();
        history.close();
    }

    static Stream<Json.Obj> cases() {
        return lines("matches");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void query_finds_what_it_says(Json.Obj given) throws Exception {
        var body = Json.object()
                .put("schema", given.text("schema"))
                .put("query", given.text("query"))
                .build();
        try {
            var request = SearchRequest.read("acme", body, WINDOW, 100, QueryCasesTest::set);
            assertThat(given.get("error")).as("an error is expected").isEmpty();
            var page = jobs.page("acme", jobs.submit(request, record -> record), "", 100, Duration.ofSeconds(60))
                    .orElseThrow();
            assertThat(page.rows())
                    .extracting(row -> row.text("id"))
                    .containsExactlyInAnyOrderElementsOf(given.array("ids").strings());
        } catch (QueryProblem problem) {
            assertThat(problem.message()).isEqualTo(given.text("error"));
        }
    }

    private static Optional<List<String>> set(String name) {
        return name.equals("approved") ? Optional.of(List.of("docker.io/library/mongo:*")) : Optional.empty();
    }

    private static Stream<Json.Obj> lines(String name) {
        try (var in = QueryCasesTest.class.getResourceAsStream("/cases/spyql/" + name + ".ndjson")) {
            if (in == null) {
                throw new IllegalStateException("no cases " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().map(QueryCasesTest::read).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Json.Obj read(String line) {
        try {
            return JsonReader.readObject(line);
        } catch (JsonSyntaxException bad) {
            throw new IllegalStateException(line, bad);
        }
    }
}
