package io.guardian.core.testing;

import io.guardian.core.decide.Connection;
import io.guardian.core.net.Direction;
import io.guardian.core.net.PortRange;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.WorkloadPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The rules of evaluation written down as plainly as they are stated, without any index: every node and entry is looked
 * at each time, and globs become regular expressions.
 */
public final class ReferenceEvaluator {
    private final WorkloadPolicy policy;

    public ReferenceEvaluator(WorkloadPolicy policy) {
        this.policy = policy;
    }

    /** A node and the users it allows. */
    public record Placed(ProcessNode node, List<String> users) {}

    public List<Placed> roots(String name, String exe, String euser) {
        return matching(policy.behaviour().processes(), List.of(), name, exe, euser);
    }

    public List<Placed> children(List<Placed> parents, String name, String exe, String euser) {
        return parents.stream()
                .flatMap(parent -> matching(parent.node().children(), parent.users(), name, exe, euser).stream())
                .toList();
    }

    public List<Placed> anywhere(String name, String exe, String euser) {
        var found = new ArrayList<Placed>();
        collect(policy.behaviour().processes(), List.of(), name, exe, euser, found);
        return found;
    }

    private static void collect(
            List<ProcessNode> nodes,
            List<String> inherited,
            String name,
            String exe,
            String euser,
            List<Placed> found) {
        for (var node : nodes) {
            found.addAll(matching(List.of(node), inherited, name, exe, euser));
            collect(node.children(), users(node, inherited), name, exe, euser, found);
        }
    }

    private static List<Placed> matching(
            List<ProcessNode> nodes, List<String> inherited, String name, String exe, String euser) {
        return nodes.stream()
                .filter(node -> glob(node.name(), name)
                        && node.exe().stream().anyMatch(pattern -> glob(pattern, exe))
                        && users(node, inherited).stream().anyMatch(pattern -> glob(pattern, euser)))
                .map(node -> new Placed(node, users(node, inherited)))
                .toList();
    }

    private static List<String> users(ProcessNode node, List<String> inherited) {
        return node.euser().isEmpty() ? inherited : node.euser();
    }

    public boolean allows(Connection connection, List<Placed> process) {
        return off(connection)
                || policy.behaviour().entries(connection.direction()).stream()
                        .anyMatch(entry -> allows(entry, connection, process));
    }

    private boolean allows(NetworkEntry entry, Connection connection, List<Placed> process) {
        return entry.peers().stream().anyMatch(peer -> contains(peer, connection))
                && entry.ports().stream()
                        .anyMatch(port -> port.contains(connection.protocol(), connection.serverPort()))
                && (entry.processes().isEmpty()
                        || policy.switches().processes()
                        || process.stream()
                                .anyMatch(placed ->
                                        entry.processes().contains(placed.node().id())));
    }

    private static boolean contains(Peer peer, Connection connection) {
        return switch (peer) {
            case Peer.IpBlock(var cidr, var except) ->
                cidr.contains(connection.remote())
                        && except.stream().noneMatch(hole -> hole.contains(connection.remote()));
            case Peer.DnsSelector(var patterns) ->
                patterns.stream()
                        .anyMatch(pattern -> connection.names().stream().anyMatch(name -> glob(pattern, name)));
        };
    }

    private boolean off(Connection connection) {
        Switches switches = policy.switches();
        Direction direction = connection.direction();
        boolean isPrivate = List.of(
                        "10.0.0.0/8",
                        "172.16.0.0/12",
                        "192.168.0.0/16",
                        "127.0.0.0/8",
                        "169.254.0.0/16",
                        "::1",
                        "fc00::/7",
                        "fe80::/10")
                .stream()
                .anyMatch(block -> Sample.cidr(block).contains(connection.remote()));
        return switches.connections().includes(direction)
                || isPrivate && switches.privateConnections().includes(direction)
                || !isPrivate && switches.publicConnections().includes(direction);
    }

    public boolean allowsSocket(List<Placed> process, PortRange port) {
        return policy.switches().processes()
                || process.isEmpty()
                || process.stream().anyMatch(placed -> switch (placed.node().sockets()) {
                    case ListeningSockets.Any() -> true;
                    case ListeningSockets.Listed(var ports) -> ports.stream().anyMatch(range -> range.contains(port));
                });
    }

    /** A glob as a regular expression. */
    public static boolean glob(String pattern, String value) {
        var regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int close = c == '[' ? pattern.indexOf(']', i + 2) : -1;
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (close > 0) {
                String inside = pattern.substring(i + 1, close);
                regex.append(inside.startsWith("!") ? "[^" : "[")
                        .append((inside.startsWith("!") ? inside.substring(1) : inside).replace("*", "\\*"))
                        .append(']');
                i = close;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(value).matches();
    }
}
