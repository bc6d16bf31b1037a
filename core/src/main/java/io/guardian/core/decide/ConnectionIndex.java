package io.guardian.core.decide;

import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.selector.PatternIndex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The entries of one direction, by peer. */
final class ConnectionIndex {
    private final BlockTable blocks;
    private final PatternIndex<PortGrants> names;

    private ConnectionIndex(BlockTable blocks, PatternIndex<PortGrants> names) {
        this.blocks = blocks;
        this.names = names;
    }

    /** @param processesCount whether {@code processes} of entries are looked at */
    static ConnectionIndex of(List<NetworkEntry> entries, NodeTable nodes, boolean processesCount) {
        var blocks = new BlockTable.Builder();
        Map<String, PortGrants.Builder> names = new HashMap<>();
        for (var entry : entries) {
            var grant = entry.processes().isEmpty() || !processesCount
                    ? Grant.ANY
                    : Grant.to(entry.processes().stream().flatMapToInt(id -> nodes.number(id).stream()));
            for (var peer : entry.peers()) {
                switch (peer) {
                    case Peer.IpBlock(var cidr, var except) -> add(blocks.ports(cidr, except), entry, grant);
                    case Peer.DnsSelector(var patterns) ->
                        patterns.forEach(pattern ->
                                add(names.computeIfAbsent(pattern, _ -> new PortGrants.Builder()), entry, grant));
                }
            }
        }
        var built = new HashMap<String, PortGrants>();
        names.forEach((pattern, ports) -> built.put(pattern, ports.build()));
        return new ConnectionIndex(blocks.build(), PatternIndex.of(built));
    }

    private static void add(PortGrants.Builder ports, NetworkEntry entry, Grant grant) {
        entry.ports().forEach(range -> ports.add(range, grant));
    }

    boolean allow(Connection connection, NodeSet process) {
        return allow(connection.remote(), connection.protocol(), connection.serverPort(), connection.names(), process);
    }

    private boolean allow(IpAddress remote, Protocol protocol, int port, List<String> valid, NodeSet process) {
        if (blocks.allow(remote, protocol, port, process)) {
            return true;
        }
        if (!names.isEmpty()) {
            for (int i = 0; i < valid.size(); i++) {
                if (allowName(valid.get(i), protocol, port, process)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean allowName(String name, Protocol protocol, int port, NodeSet process) {
        var exact = names.exact(name);
        if (exact != null && exact.allow(protocol, port, process)) {
            return true;
        }
        for (int i = names.next(name, -1); i >= 0; i = names.next(name, i)) {
            if (names.value(i).allow(protocol, port, process)) {
                return true;
            }
        }
        return false;
    }
}
