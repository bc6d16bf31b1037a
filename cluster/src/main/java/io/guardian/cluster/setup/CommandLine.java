package io.guardian.cluster.setup;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads the command line. */
public final class CommandLine {
    public static final String HELP = """
            usage: cluster-monitor run --server URL --cluster-name NAME [options]

            Tells the server what a Kubernetes cluster holds, and deletes the pods that cluster policies in enforce mode
            ask it to. In a cluster it uses its service account; elsewhere give --kubeconfig.

            where to report
              --server URL                   base address of the server, such as https://guardian.example.net:8480
              --registration-code-file FILE  file with the registration code (else $GUARDIAN_REGISTRATION_CODE);
                                             needed until the monitor is registered
              --cluster-name NAME            the cluster's name in Guardian; keep it once it is chosen
              --data DIR                     the monitor's own files (default /var/lib/guardian/cluster)
              --spool-mib N                  most that waits on disk for the server (default 512)
              --insecure-http                allow plain HTTP to another machine

            what to watch
              --kubeconfig FILE              watch the cluster of this file; its rights are those of its user
              --context NAME                 the context to use in it (default: its current one)
              --unobservable-runtime-class NAME
                                             pods of this class run in virtual machines, as those of kata, gvisor,
                                             runsc and firecracker do; may be repeated

            what may be deleted
              --read-only                    nothing: every request is refused with the reason `guarded`
              --protect-namespace NAME       never a pod in it, besides kube-system and the monitor's own namespace;
                                             may be repeated
              --kills-a-minute N             most pods deleted within a minute (default 60)
              --grace-seconds N              from SIGTERM to SIGKILL (default 1)

            replicas
              --namespace NAME               the monitor's own namespace, where its lease is (default guardian)
              --lease-name NAME              default guardian-cluster-monitor
              --identity NAME                this replica, in a cluster its pod's name (default: host name and a
                                             random part)
              --no-election                  this is the only replica; no lease is used

            --health-port N                  answer GET /healthz and /readyz there
            --debug                          log more

            examples
              cluster-monitor run --server https://guardian.example.net:8480 --cluster-name shop
              cluster-monitor run --server http://127.0.0.1:8480 --cluster-name test --no-election \\
                --kubeconfig ~/.kube/config --context kind-test --data /tmp/monitor --read-only
            """;

    private static final Set<String> VALUED = Set.of(
            "--server",
            "--registration-code-file",
            "--cluster-name",
            "--data",
            "--spool-mib",
            "--kubeconfig",
            "--context",
            "--kills-a-minute",
            "--grace-seconds",
            "--namespace",
            "--lease-name",
            "--identity",
            "--health-port");
    private static final Set<String> REPEATABLE = Set.of("--protect-namespace", "--unobservable-runtime-class");
    private static final Set<String> SWITCHES = Set.of("--read-only", "--no-election", "--insecure-http", "--debug");
    private static final String CLUSTER_NAME = "[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?";
    private static final String OBJECT_NAME = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?";

    private final Words words;
    private final Map<String, String> environment;

    private CommandLine(Words words, Map<String, String> environment) {
        this.words = words;
        this.environment = environment;
    }

    /** @param environment variables of the process; {@code HOSTNAME} names the pod in a cluster */
    public static Command read(List<String> args, Map<String, String> environment) {
        if (args.isEmpty() || args.contains("--help") || args.contains("-h")) {
            return new Command.Help();
        }
        try {
            return switch (args.getFirst()) {
                case "run" -> {
                    var words = Words.read(args.subList(1, args.size()), VALUED, REPEATABLE, SWITCHES);
                    yield new CommandLine(words, environment).run();
                }
                case "version", "--version" -> new Command.Version();
                default -> new Command.Wrong("unknown command `" + args.getFirst() + "`; use `run`");
            };
        } catch (Words.Refused refused) {
            return new Command.Wrong(refused.words());
        }
    }

    private Command run() throws Words.Refused {
        String namespace = name("--namespace", "guardian");
        String identity = words.one("--identity")
                .orElseGet(() -> environment.getOrDefault("HOSTNAME", "monitor") + "-"
                        + UUID.randomUUID().toString().substring(0, 8));
        var election = words.has("--no-election")
                ? Optional.<MonitorOptions.Election>empty()
                : Optional.of(new MonitorOptions.Election(
                        namespace, name("--lease-name", "guardian-cluster-monitor"), identity));
        var healthPort = words.has("--health-port")
                ? Optional.of((int) words.number("--health-port", 0, 1, 65_535))
                : Optional.<Integer>empty();
        return new Command.Run(new MonitorOptions(
                server(),
                words.one("--registration-code-file").map(Path::of),
                Path.of(words.one("--data").orElse("/var/lib/guardian/cluster")),
                clusterName(),
                api(),
                election,
                kills(namespace),
                Set.copyOf(words.all("--unobservable-runtime-class")),
                words.number("--spool-mib", 512, 1, 1 << 20) << 20,
                words.has("--insecure-http"),
                healthPort,
                words.has("--debug")));
    }

    private MonitorOptions.Kills kills(String namespace) throws Words.Refused {
        var spared = new HashSet<>(Set.of("kube-system", namespace));
        spared.addAll(words.all("--protect-namespace"));
        String ownPod =
                words.one("--identity").map(pod -> namespace + "/" + pod).orElse("");
        return new MonitorOptions.Kills(
                words.has("--read-only"),
                spared,
                ownPod,
                (int) words.number("--kills-a-minute", 60, 0, 1_000_000),
                (int) words.number("--grace-seconds", 1, 0, 3600));
    }

    private MonitorOptions.Api api() throws Words.Refused {
        var context = words.one("--context");
        var file = words.one("--kubeconfig");
        if (file.isEmpty() && context.isPresent()) {
            throw new Words.Refused("option `--context` names a context of a file: give --kubeconfig too");
        }
        return file.<MonitorOptions.Api>map(path -> new MonitorOptions.Api.Kubeconfig(Path.of(path), context))
                .orElseGet(MonitorOptions.Api.InCluster::new);
    }

    private String clusterName() throws Words.Refused {
        String name = words.one("--cluster-name").orElse("");
        if (name.isEmpty()) {
            throw new Words.Refused("option `--cluster-name` is missing; give the name that policies will use");
        }
        if (!name.matches(CLUSTER_NAME)) {
            throw new Words.Refused("cluster name `" + name + "` must be 1 to 128 letters, digits, `-`, `_` or `.`");
        }
        return name;
    }

    private String name(String key, String otherwise) throws Words.Refused {
        String name = words.one(key).orElse(otherwise);
        if (!name.matches(OBJECT_NAME)) {
            throw new Words.Refused("option `" + key + "` must be a Kubernetes name in lower case, not `" + name + "`");
        }
        return name;
    }

    private URI server() throws Words.Refused {
        String text = words.one("--server").orElse("");
        if (text.isEmpty()) {
            throw new Words.Refused(
                    "option `--server` is missing; give the server's address, such as http://127.0.0.1:8480");
        }
        try {
            var uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getPath().isEmpty()) {
                return uri;
            }
        } catch (URISyntaxException bad) {
            // Told below.
        }
        throw new Words.Refused("server `" + text + "` must look like https://HOST:PORT");
    }
}
