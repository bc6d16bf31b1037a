package io.guardian.cli;

import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of commands share: a folder of their own, and a server that answers as they say. */
abstract class AgainstApi {
    @TempDir
    Path directory = Path.of("");

    final ApiFixture server = new ApiFixture();

    @AfterEach
    void stop() {
        server.close();
    }

    SpyctlRun spyctl() {
        return new SpyctlRun(directory).at(server);
    }

    /** Every search finds these records, and no others. */
    final void found(String... records) {
        String rows = Stream.of(records)
                .map(record -> "{\"full_json\":" + Json.of(record).toText() + "}")
                .collect(Collectors.joining(","));
        server.on("POST", "/org/{o}/search/", "{\"id\":\"s-1\"}");
        server.on(
                "POST",
                "/org/{o}/search/s-1",
                "{\"results\":[" + rows + "],\"token\":null,\"result_count\":" + records.length + "}");
    }
}
