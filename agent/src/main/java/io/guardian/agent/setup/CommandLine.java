package io.guardian.agent.setup;

import io.guardian.core.net.IpAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the command line. A library for this costs more memory than the agent can spare. */
public final class CommandLine {
    public static final String HELP = """
            usage: agent run --server URL [options]
                   agent uninstall [--data DIR] [--pin NAME]

              --server URL                   base address of the server, such as https://guardian.example.net:8480
              --registration-code-file FILE  file with the registration code (else $GUARDIAN_REGISTRATION_CODE);
                                             needed until the agent is registered
              --data DIR                     the agent's own files (default /var/lib/guardian/agent)
              --only-cgroup PATH             look only at this cgroup and those below; may be repeated
              --pin NAME                     name of the sensor's state in the kernel (default agent)
              --ring-mib N                   size of the kernel ring, a power of two (default 8)
              --spool-mib N                  most that waits on disk for the server (default 512)
              --host-root DIR                folder with the machine's files, for an agent in a container (default /)
              --machine-name NAME            the machine's name, for an agent in a container (default: the kernel's)
              --machine-address IP           the machine's address, for an agent in a container; may be repeated
              --podman-root ROOT:RUNROOT     storage of a podman besides the usual one; may be repeated
              --cri-socket PATH              socket of a CRI runtime besides the usual ones; may be repeated
              --containerd-state DIR         state folder of a containerd besides the usual one; may be repeated
              --cluster-name NAME            the Kubernetes cluster that this machine is a node of
              --resolver ADDRESS             DNS server that workloads use though their resolv.conf doesn't name it; its
                                             answers are believed. May be repeated
              --protect-pid PID              process that is never signalled; may be repeated
              --protect-pid-file FILE        the same by a file with `PID START`, such as the server's; may be repeated
              --read-only                    never kill, stop or slow down a process, whoever asks
              --source auto|ebpf|proc        where events come from (default auto)
              --insecure-http                allow plain HTTP to another machine
              --debug                        log more
            """;

    private static final Set<String> RUN = Set.of(
            "--server",
            "--registration-code-file",
            "--data",
            "--only-cgroup",
            "--pin",
            "--ring-mib",
            "--spool-mib",
            "--host-root",
            "--machine-name",
            "--machine-address",
            "--podman-root",
            "--cri-socket",
            "--containerd-state",
            "--cluster-name",
            "--resolver",
            "--protect-pid",
            "--protect-pid-file",
            "--source");
    private static final Set<String> UNINSTALL = Set.of("--data", "--pin");
    private static final Set<String> SWITCHES = Set.of("--read-only", "--insecure-http", "--debug");
    private static final Set<String> REPEATABLE = Set.of(
            "--only-cgroup",
            "--machine-address",
            "--podman-root",
            "--cri-socket",
            "--containerd-state",
            "--resolver",
            "--protect-pid",
            "--protect-pid-file");
    private static final int RESOLVERS_MAX = 64;
    private static final String PIN = "[A-Za-z0-9_-]{1,64}";
    private static final String CLUSTER = "[^\\p{Cntrl}]{1,256}";

    private static final String MACHINE_NAME = "[A-Za-z0-9.-]{0,253}";
    // Coarse on purpose: what it keeps out is a name or an unexpanded variable.
    private static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]{2,45}";

    private final Map<String, List<String>> values = new HashMap<>();

    private CommandLine() {}

    public static Command read(List<String> args) {
        if (args.isEmpty() || args.contains("--help") || args.contains("-h")) {
            return new Command.Help();
        }
        try {
            return switch (args.getFirst()) {
                case "run" -> new CommandLine().collect(args, RUN, SWITCHES).run();
                case "uninstall" ->
                    new CommandLine().collect(args, UNINSTALL, Set.of()).uninstall();
                case "version", "--version" -> new Command.Version();
                default -> new Command.Wrong("unknown command `" + args.getFirst() + "`; use `run` or `uninstall`");
            };
        } catch (Refused refused) {
            return new Command.Wrong(refused.message);
        }
    }

    /** Leaves the reading; never seen outside. */
    private static final class Refused extends Exception {
        private final String message;

        Refused(String message) {
            super(message);
            this.message = message;
        }
    }

    private CommandLine collect(List<String> args, Set<String> known, Set<String> switches) throws Refused {
        for (int i = 1; i < args.size(); i++) {
            String word = args.get(i);
            int equals = word.indexOf('=');
            String key = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
            if (switches.contains(key)) {
                values.put(key, List.of("true"));
                continue;
            }
            if (!known.contains(key)) {
                throw new Refused("unknown option `" + word + "`; see --help");
            }
            if (equals < 0 && i + 1 >= args.size()) {
                throw new Refused("option `" + key + "` needs a value");
            }
            String value = equals > 0 ? word.substring(equals + 1) : args.get(++i);
            var all = values.computeIfAbsent(key, name -> new ArrayList<>());
            if (!all.isEmpty() && !REPEATABLE.contains(key)) {
                throw new Refused("option `" + key + "` is given twice");
            }
            all.add(value);
        }
        return this;
    }

    private Command run() throws Refused {
        var code = values.containsKey("--registration-code-file")
                ? new AgentOptions.CodeSource.File(Path.of(one("--registration-code-file", "")))
                : new AgentOptions.CodeSource.Environment();
        var runtimes = new AgentOptions.Runtimes(
                all("--podman-root"),
                all("--cri-socket").stream().map(Path::of).toList(),
                all("--containerd-state").stream().map(Path::of).toList());
        return new Command.Run(new AgentOptions(
                server(),
                code,
                data(),
                all("--only-cgroup").stream().map(Path::of).toList(),
                pin(),
                Math.toIntExact(megabytes("--ring-mib", 8, 512)),
                megabytes("--spool-mib", 512, 1 << 20),
                host(),
                runtimes,
                clusterName(),
                resolvers(),
                pids(),
                all("--protect-pid-file").stream().map(Path::of).toList(),
                values.containsKey("--read-only"),
                values.containsKey("--insecure-http"),
                source(),
                values.containsKey("--debug")));
    }

    private Command uninstall() throws Refused {
        return new Command.Uninstall(data(), pin());
    }

    private URI server() throws Refused {
        String text = one("--server", "");
        if (text.isEmpty()) {
            throw new Refused("option `--server` is missing; give the server's address, such as http://127.0.0.1:8480");
        }
        try {
            var uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null || !uri.getPath().isEmpty()) {
                throw new Refused("server `" + text + "` must look like https://HOST:PORT");
            }
            return uri;
        } catch (URISyntaxException bad) {
            throw new Refused("server `" + text + "` must look like https://HOST:PORT");
        }
    }

    private AgentOptions.Host host() throws Refused {
        var root = Path.of(one("--host-root", "/"));
        if (!root.isAbsolute()) {
            throw new Refused("host root `" + root + "` must begin with `/`");
        }
        String name = one("--machine-name", "");
        if (!name.matches(MACHINE_NAME)) {
            throw new Refused("machine name `" + name + "` must be up to 253 letters, digits, `-` or `.`");
        }
        for (String address : all("--machine-address")) {
            if (!address.matches(ADDRESS)) {
                throw new Refused("machine address `" + address + "` must be an IPv4 or IPv6 address");
            }
        }
        return new AgentOptions.Host(root, name, all("--machine-address"));
    }

    private List<IpAddress> resolvers() throws Refused {
        var resolvers = new ArrayList<IpAddress>();
        for (String text : all("--resolver")) {
            resolvers.add(IpAddress.parse(text)
                    .orElseThrow(() ->
                            new Refused("resolver `" + text + "` must be an IPv4 or IPv6 address without a port")));
        }
        if (resolvers.size() > RESOLVERS_MAX) {
            throw new Refused("option `--resolver` can be given " + RESOLVERS_MAX + " times at most");
        }
        return resolvers;
    }

    private Path data() {
        return Path.of(one("--data", "/var/lib/guardian/agent"));
    }

    private String pin() throws Refused {
        String pin = one("--pin", "agent");
        if (!pin.matches(PIN)) {
            throw new Refused("pin name `" + pin + "` must be 1 to 64 letters, digits, `-` or `_`");
        }
        return pin;
    }

    private String clusterName() throws Refused {
        String name = one("--cluster-name", "");
        if (values.containsKey("--cluster-name") && !name.matches(CLUSTER)) {
            throw new Refused(
                    "cluster name `" + name + "` must be 1 to 256 characters, none of them a control character");
        }
        return name;
    }

    private AgentOptions.Source source() throws Refused {
        return switch (one("--source", "auto")) {
            case "auto" -> AgentOptions.Source.AUTO;
            case "ebpf" -> AgentOptions.Source.EBPF;
            case "proc" -> AgentOptions.Source.PROC;
            default -> throw new Refused("source `" + one("--source", "") + "` must be auto, ebpf or proc");
        };
    }

    private List<Integer> pids() throws Refused {
        var pids = new ArrayList<Integer>();
        for (String text : all("--protect-pid")) {
            pids.add(Math.toIntExact(number("--protect-pid", text, 1, Integer.MAX_VALUE)));
        }
        return pids;
    }

    private long megabytes(String key, int otherwise, long most) throws Refused {
        return number(key, one(key, Integer.toString(otherwise)), 1, most) << 20;
    }

    private static long number(String key, String text, long least, long most) throws Refused {
        if (text.matches("[0-9]{1,10}")) {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw new Refused(
                "option `" + key + "` must be a number from " + least + " to " + most + ", not `" + text + "`");
    }

    private String one(String key, String otherwise) {
        return values.getOrDefault(key, List.of(otherwise)).getFirst();
    }

    private List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }
}
