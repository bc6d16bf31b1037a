package io.guardian.backend.cluster;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests over a whole server share: the server with a cluster's monitor, made for each, and what they tell it. */
abstract class ClusterScene {
    static final String FLAG = "{\"default\":[{\"makeRedFlag\":{\"severity\":\"high\"}}],\"actions\":[]}";
    static final String KILL =
            "{\"default\":[{\"makeRedFlag\":{\"severity\":\"high\"}},{\"agentKillPod\":null}],\"actions\":[]}";
    static final String MONGO_IN_DEV =
            "{\"namespaceSelector\":{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"dev\"}},\"verb\":\"allow\","
                    + "\"target\":\"container::image\",\"values\":[\"docker.io/library/mongo:latest\"]}";
    static final String MONGO = "docker.io/library/mongo:latest";
    static final String NGINX = "docker.io/library/nginx:latest";

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    ClusterServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    ClusterRecords records;

    @BeforeEach
    void start() throws Exception {
        server = new ClusterServer(directory.resolve("data"));
        records = new ClusterRecords(server.clusterUid);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Lines of the policy's log, as soon as there are so many. */
    List<String> lines(String policy, int count) {
        return ClusterServer.eventually(() -> server.lines(policy), lines -> lines.size() >= count);
    }
}
