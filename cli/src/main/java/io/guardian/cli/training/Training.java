package io.guardian.cli.training;

import io.guardian.cli.Spyctl;
import io.guardian.cli.shell.Terminal;
import io.guardian.cli.shell.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the common commands once, so that a JVM that records its classes ({@code -XX:AOTCacheOutput}) knows those that
 * real runs will load. Writes nothing outside a temporary directory and talks only to itself.
 */
public final class Training {
    private static final String POLICY = """
            apiVersion: spyderbat/v1
            kind: SpyderbatPolicy
            metadata:
              name: training
              type: container
            spec:
              containerSelector:
                image: docker.io/library/mongo:*
              mode: audit
              processPolicy:
              - name: mongod
                exe: [/usr/bin/mongod]
                id: mongod_0
                euser: [mongo]
              networkPolicy:
                egress: []
                ingress:
                - from:
                  - ipBlock: {cidr: 192.168.0.0/16}
                  processes: [mongod_0]
                  ports:
                  - {protocol: TCP, port: 27017}
            """;

    private static final List<List<String>> LINES = List.of(
            List.of("--version"),
            List.of("--help"),
            List.of("get", "policies", "--help"),
            List.of("config", "set-apisecret", "training", "-k", "-", "-u", "http://127.0.0.1:1"),
            List.of("config", "set-context", "training", "-s", "training", "-o", "acme", "--no-check"),
            List.of("config", "get-contexts"),
            List.of("get", "clusters"),
            List.of("get", "policies"),
            List.of("get", "policies", "-o", "yaml"),
            List.of("get", "policies", "-o", "json", "training"),
            List.of("get", "fingerprints", "--type", "container", "mongo"),
            List.of("get", "fingerprints", "--type", "container", "-o", "yaml", "mongo"),
            List.of("get", "processes", "--name-contains", "mongod"),
            List.of("get", "deviations"),
            List.of("logs", "policy", "training"),
            List.of("validate", "-f", "policy.yaml"),
            List.of("create", "policy", "-f", "policy.yaml", "-n", "other"),
            List.of("apply", "-f", "policy.yaml", "--upsert"),
            List.of("apply", "-f", "none.yaml"),
            List.of("gte", "policies"));

    private Training() {}

    public static void main(String[] words) {
        try {
            var directory = Files.createTempDirectory("spyctl-training");
            try (var server = new TrainingServer()) {
                Files.writeString(directory.resolve("policy.yaml"), POLICY);
                LINES.forEach(line -> run(line, directory, server));
            } finally {
                delete(directory);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void run(List<String> line, Path directory, TrainingServer server) {
        Map<String, String> env = new HashMap<>(Map.of("HOME", directory.toString()));
        if (!line.getFirst().equals("config")) {
            env.put("SPYCTL_API_URL", server.url());
            env.put("SPYCTL_API_KEY", "key");
            env.put("SPYCTL_ORG", "acme");
        }
        var world = new World(
                new ByteArrayInputStream("key\n".getBytes(StandardCharsets.UTF_8)),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                env,
                directory,
                Clock.systemUTC(),
                _ -> {},
                Terminal.NONE);
        var _ = Spyctl.run(line, world);
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
