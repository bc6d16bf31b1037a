package io.guardian.core.document;

import io.guardian.core.net.Direction;
import io.guardian.core.net.PortRange;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.policy.Switches;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Locale;

/** Writes what a workload does in the documents' order of keys. */
public final class BehaviourWriter {
    private BehaviourWriter() {}

    /** {@code processPolicy} and {@code networkPolicy}, egress first. */
    public static void write(Behaviour behaviour, Json.ObjBuilder into) {
        into.put("processPolicy", processes(behaviour.processes()));
        into.put(
                "networkPolicy",
                Json.object()
                        .put("egress", entries(behaviour.egress(), Direction.EGRESS))
                        .put("ingress", entries(behaviour.ingress(), Direction.INGRESS))
                        .build());
    }

    public static void write(Switches switches, Json.ObjBuilder into) {
        if (switches.processes()) {
            into.put("disableProcesses", "all");
        }
        put(into, "disableConnections", switches.connections());
        put(into, "disablePrivateConnections", switches.privateConnections());
        put(into, "disablePublicConnections", switches.publicConnections());
    }

    private static void put(Json.ObjBuilder into, String key, Switches.Directions directions) {
        if (directions != Switches.Directions.NONE) {
            into.put(key, directions.name().toLowerCase(Locale.ROOT));
        }
    }

    public static Json.Arr processes(List<ProcessNode> nodes) {
        return new Json.Arr(nodes.stream().<Json>map(BehaviourWriter::process).toList());
    }

    public static Json.Obj process(ProcessNode node) {
        var out = Json.object().put("name", node.name()).put("exe", Json.strings(node.exe()));
        out.put("id", node.id());
        if (!node.euser().isEmpty()) {
            out.put("euser", Json.strings(node.euser()));
        }
        if (node.sockets() instanceof ListeningSockets.Listed(var ports)) {
            out.put("listeningSockets", ports(ports));
        }
        if (!node.children().isEmpty()) {
            out.put("children", processes(node.children()));
        }
        return out.build();
    }

    public static Json.Arr entries(List<NetworkEntry> entries, Direction direction) {
        return new Json.Arr(
                entries.stream().<Json>map(entry -> entry(entry, direction)).toList());
    }

    public static Json.Obj entry(NetworkEntry entry, Direction direction) {
        var peers = new Json.Arr(
                entry.peers().stream().<Json>map(BehaviourWriter::peer).toList());
        var out = Json.object().put(direction == Direction.INGRESS ? "from" : "to", peers);
        if (!entry.processes().isEmpty()) {
            out.put("processes", Json.strings(entry.processes()));
        }
        return out.put("ports", ports(entry.ports())).build();
    }

    private static Json.Obj peer(Peer peer) {
        return switch (peer) {
            case Peer.DnsSelector(var names) ->
                Json.object().put("dnsSelector", Json.strings(names)).build();
            case Peer.IpBlock(var cidr, var except) -> {
                var block = Json.object().put("cidr", cidr.toString());
                if (!except.isEmpty()) {
                    block.put(
                            "except",
                            Json.strings(except.stream().map(Object::toString).toList()));
                }
                yield Json.object().put("ipBlock", block.build()).build();
            }
        };
    }

    private static Json.Arr ports(List<PortRange> ports) {
        return new Json.Arr(ports.stream().<Json>map(BehaviourWriter::port).toList());
    }

    private static Json.Obj port(PortRange range) {
        var out = Json.object().put("protocol", range.protocol().toString()).put("port", range.port());
        if (range.endPort() != range.port()) {
            out.put("endPort", range.endPort());
        }
        return out.build();
    }
}
