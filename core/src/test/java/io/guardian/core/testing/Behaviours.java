package io.guardian.core.testing;

import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Behaviours at random, from so few names, paths, users and peers that equal, overlapping and covering parts are
 * common.
 */
public final class Behaviours {
    private static final List<String> NAMES = List.of("sh", "cartd", "date");
    private static final List<String> NAME_GLOBS = List.of("*", "c*", "?h", "[sd]*");
    private static final List<String> EXES =
            List.of("/bin/sh", "/usr/bin/sh", "/bin/dash", "/opt/cartd", "/usr/bin/date", "/tmp/date");
    private static final List<String> EXE_GLOBS = List.of("*", "/usr/bin/*", "*/sh", "/opt/*d", "*bin*");
    private static final List<String> USERS = List.of("root", "shop", "www");
    private static final List<String> USER_GLOBS = List.of("*", "w*");
    private static final List<String> PEERS = List.of(
            "10.0.0.1/32",
            "10.0.0.2/32",
            "10.0.1.1/32",
            "192.0.2.7/32",
            "2001:db8::1/128",
            "::1/128",
            "ledger.local",
            "api.example.net",
            "a.api.example.net");
    private static final List<String> WIDE_PEERS = List.of(
            "10.0.0.0/24",
            "10.0.0.0/8",
            "0.0.0.0/0",
            "10.0.0.0/24!10.0.0.2/32",
            "10.0.0.0/8!10.0.0.0/24",
            "2001:db8::/32",
            "::/0",
            "*.example.net",
            "*",
            "*.local",
            "10.0.0.0/31!10.0.0.0/32");
    private static final List<String> PORTS = List.of("80", "443", "U53", "8080");
    private static final List<String> PORT_RANGES = List.of("0-65535", "80-443", "U1-100");

    private final Random random;
    private final boolean patterns;
    private int id;

    /** @param patterns whether globs, blocks with many addresses and port ranges occur */
    public Behaviours(long seed, boolean patterns) {
        this.random = new Random(seed);
        this.patterns = patterns;
    }

    public Behaviour next() {
        id = 0;
        var roots = siblings(0);
        var ids = roots.stream()
                .flatMap(ProcessNode::subtree)
                .map(ProcessNode::id)
                .toList();
        return new Behaviour(roots, entries(ids), entries(ids));
    }

    private List<ProcessNode> siblings(int depth) {
        int count = depth == 0 ? 1 + random.nextInt(3) : random.nextInt(4 - depth);
        return IntStream.range(0, count).mapToObj(_ -> node(depth)).toList();
    }

    private ProcessNode node(int depth) {
        String name = pick(NAMES, NAME_GLOBS);
        var users = depth > 0 && random.nextInt(3) == 0 ? List.<String>of() : some(USERS, USER_GLOBS);
        var sockets = random.nextInt(4) == 0
                ? new ListeningSockets.Listed(
                        some(PORTS, PORT_RANGES).stream().map(Sample::port).toList())
                : ListeningSockets.ANY;
        String nodeId = name + "_" + id++;
        return new ProcessNode(
                name, some(EXES, EXE_GLOBS), nodeId, users, sockets, depth >= 3 ? List.of() : siblings(depth + 1));
    }

    private List<NetworkEntry> entries(List<String> ids) {
        return IntStream.range(0, random.nextInt(5)).mapToObj(_ -> entry(ids)).toList();
    }

    private NetworkEntry entry(List<String> ids) {
        var peers = some(PEERS, WIDE_PEERS).stream().map(Sample::peer).toList();
        var processes = random.nextInt(3) == 0 ? List.<String>of() : subset(ids);
        return new NetworkEntry(
                peers,
                processes,
                some(PORTS, PORT_RANGES).stream().map(Sample::port).toList());
    }

    private List<String> some(List<String> exact, List<String> wide) {
        return IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(_ -> pick(exact, wide))
                .distinct()
                .toList();
    }

    private String pick(List<String> exact, List<String> wide) {
        var from = patterns && random.nextInt(4) == 0 ? wide : exact;
        return from.get(random.nextInt(from.size()));
    }

    private List<String> subset(List<String> ids) {
        var chosen = new ArrayList<String>();
        for (String one : ids) {
            if (random.nextInt(3) == 0) {
                chosen.add(one);
            }
        }
        return chosen.isEmpty() ? List.of(ids.get(random.nextInt(ids.size()))) : chosen;
    }

    /** A name, executable or user as a kernel could report it. */
    public String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    public String exe() {
        return EXES.get(random.nextInt(EXES.size()));
    }

    public String user() {
        return USERS.get(random.nextInt(USERS.size()));
    }

    public Random random() {
        return random;
    }

    /** Addresses around those of the peers. */
    public io.guardian.core.net.IpAddress address() {
        var texts = List.of(
                "10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.1.1", "192.0.2.7", "8.8.8.8", "2001:db8::1", "::1", "::");
        return Sample.ip(texts.get(random.nextInt(texts.size())));
    }

    public List<String> dnsNames() {
        var texts = List.of("ledger.local", "api.example.net", "a.api.example.net", "other.test");
        return random.nextBoolean() ? List.of() : List.of(texts.get(random.nextInt(texts.size())));
    }

    public io.guardian.core.net.PortRange singlePort() {
        var texts = List.of("80", "443", "U53", "8080", "81", "U101");
        return Sample.port(texts.get(random.nextInt(texts.size())));
    }
}
