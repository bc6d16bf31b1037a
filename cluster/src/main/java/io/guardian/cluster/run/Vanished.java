package io.guardian.cluster.run;

import io.guardian.agent.log.Log;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.ServerClient;
import io.guardian.cluster.state.ClusterState;
import io.guardian.cluster.state.Publisher;
import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends what went away while no monitor looked: asks the server which records of this cluster it holds for alive, and
 * closes those that are not there any more. The server is the memory of all replicas, so that one which starts on an
 * empty disk knows as much as one that was restarted.
 */
final class Vanished {
    private static final String PATH = "/api/v1/agent/active?limit=2000&after=";
    private static final int READ_MILLIS = 60_000;
    private static final int PAGES_MAX = 5000;

    private final ServerClient client;
    private final Credential credential;
    private final Log log;

    Vanished(ServerClient client, Credential credential, Log log) {
        this.client = client;
        this.credential = credential;
        this.log = log;
    }

    /** @return whether the server could be asked; if not, it is to be tried again */
    boolean close(ClusterState state, Publisher publisher) throws InterruptedException {
        String token = credential.token();
        String after = "";
        int closed = 0;
        try {
            for (int page = 0; page < PAGES_MAX; page++) {
                var answer = client.get(
                        PATH + URLEncoder.encode(after, StandardCharsets.UTF_8), token, Map.of(), READ_MILLIS);
                if (answer.status() == 401) {
                    credential.refused(token);
                    return false;
                }
                if (!answer.isOk()) {
                    log.warnLimited("upkeep", "the server doesn't tell what it holds", "status", answer.status());
                    return answer.status() == 404;
                }
                var body = JsonReader.readObject(answer.text());
                closed += close(body.array("records").objects(), state, publisher);
                after = body.text("next");
                if (after.isEmpty()) {
                    log.info("upkeep", "compared with the server", "closed", closed);
                    return true;
                }
            }
        } catch (IOException away) {
            log.warnLimited("upkeep", "no answer from the server", "error", String.valueOf(away.getMessage()));
        } catch (JsonSyntaxException bad) {
            log.warnLimited("upkeep", "the server's answer can't be read", "error", bad.getMessage());
        }
        return false;
    }

    private static int close(List<Json.Obj> records, ClusterState state, Publisher publisher) {
        long nowMicros = Clock.systemUTC().millis() * 1000;
        var versions = new HashMap<String, Long>();
        for (var record : records) {
            versions.put(record.text("id"), version(record));
        }
        var alive = state.confirm(versions);
        var ended = new ArrayList<Json.Obj>();
        for (var record : records) {
            if (!alive.contains(record.text("id"))) {
                ended.add(record.with("status", Json.of("closed"))
                        .with("time", Seconds.json(nowMicros))
                        .with("valid_to", Seconds.json(nowMicros))
                        .with("version", Json.Num.of(Math.max(version(record) + 1, nowMicros / 1000))));
            }
        }
        if (!ended.isEmpty()) {
            publisher.publish(ended);
        }
        return ended.size();
    }

    private static long version(Json.Obj record) {
        return record.number("version").map(Json.Num::asLong).orElse(0L);
    }
}
