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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends what went away while no monitor looked: asks the server which records of this cluster it holds for alive, and
 * closes those that are not there any more. The server is the memory of all replicas, so that one which starts on an
 * empty disk knows as much as one that was restarted.
 */
final class Vanished {
    private static final String PATH = "/api/v1/agent/active";
    private static final int READ_MILLIS = 120_000;
    private static final int IDS_MAX = 50;
    /** Fields of the container's other half, which its node agent reports. */
    private static final List<String> NOT_OURS =
            List.of("halves", "muid", "hostname", "root_puid", "root_pid", "fingerprint_uid", "cgroup");

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
        try {
            var answer = client.get(PATH, token, Map.of(), READ_MILLIS);
            if (answer.status() == 401) {
                credential.refused(token);
                return false;
            }
            if (!answer.isOk()) {
                log.warnLimited("upkeep", "the server doesn't tell what it holds", "status", answer.status());
                return false;
            }
            var gone = gone(JsonReader.readObject(answer.text()).object("versions"), state);
            for (int from = 0; from < gone.size(); from += IDS_MAX) {
                end(gone.subList(from, Math.min(gone.size(), from + IDS_MAX)), token, publisher);
            }
            log.info("upkeep", "compared with the server", "vanished", gone.size());
            return true;
        } catch (IOException away) {
            log.warnLimited("upkeep", "no answer from the server", "error", String.valueOf(away.getMessage()));
        } catch (JsonSyntaxException bad) {
            log.warnLimited("upkeep", "the server's answer can't be read", "error", bad.getMessage());
        }
        return false;
    }

    /** Ids that the server holds for alive and the cluster doesn't have. */
    private static List<String> gone(Json.Obj versions, ClusterState state) {
        var known = new HashMap<String, Long>();
        versions.fields().forEach((id, version) -> {
            if (version instanceof Json.Num number) {
                known.put(id, number.asLong());
            }
        });
        var alive = state.confirm(known);
        return known.keySet().stream().filter(id -> !alive.contains(id)).toList();
    }

    private void end(List<String> ids, String token, Publisher publisher) throws IOException, JsonSyntaxException {
        String list = URLEncoder.encode(String.join(",", ids), StandardCharsets.UTF_8);
        var answer = client.get(PATH + "?ids=" + list, token, Map.of(), READ_MILLIS);
        if (!answer.isOk()) {
            throw new IOException("status " + answer.status());
        }
        long nowMicros = Clock.systemUTC().millis() * 1000;
        var ended = JsonReader.readObject(answer.text()).array("records").objects().stream()
                .map(record -> ended(record, nowMicros))
                .toList();
        if (!ended.isEmpty()) {
            publisher.publish(ended);
        }
    }

    private static Json.Obj ended(Json.Obj record, long nowMicros) {
        var own = record;
        for (String field : NOT_OURS) {
            own = own.without(field);
        }
        return own.with("status", Json.of("closed"))
                .with("time", Seconds.json(nowMicros))
                .with("valid_to", Seconds.json(nowMicros))
                .with("version", Json.Num.of(Math.max(version(record) + 1, nowMicros / 1000)));
    }

    private static long version(Json.Obj record) {
        return record.number("version").map(Json.Num::asLong).orElse(0L);
    }
}
