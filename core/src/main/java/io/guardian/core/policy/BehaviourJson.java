package io.guardian.core.policy;

import io.guardian.core.net.Direction;
import io.guardian.core.net.PortRange;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.text.Json;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Processes and network entries as documents write them, keys in the order of the documents. */
public final class BehaviourJson {
    private BehaviourJson() {}

    /** The value of {@code processPolicy}. */
    public static Json.Arr processes(Collection<ProcessNode> nodes) {
        return array(nodes, BehaviourJson::node);
    }

    public static Json.Obj node(ProcessNode node) {
        var object = Json.object().put("name", node.name()).put("exe", Json.strings(node.exe()));
        object.put("id", node.id());
        if (!node.euser().isEmpty()) {
            object.put("euser", Json.strings(node.euser()));
        }
        if (node.sockets() instanceof ListeningSockets.Listed(List<PortRange> ports)) {
            object.put("listeningSockets", array(ports, BehaviourJson::port));
        }
        if (!node.children().isEmpty()) {
            object.put("children", processes(node.children()));
        }
        return object.build();
    }

    /** The value of {@code networkPolicy}, with both directions. */
    public static Json.Obj network(Behaviour behaviour) {
        return Json.object()
                .put("egress", entries(Direction.EGRESS, behaviour.egress()))
                .put("ingress", entries(Direction.INGRESS, behaviour.ingress()))
                .build();
    }

    public static Json.Arr entries(Direction direction, Collection<NetworkEntry> entries) {
        return array(entries, entry -> entry(direction, entry));
    }

    public static Json.Obj entry(Direction direction, NetworkEntry entry) {
        String key = switch (direction) {
            case INGRESS -> "from";
            case EGRESS -> "to";
        };
        var object = Json.object().put(key, array(entry.peers(), BehaviourJson::peer));
        if (!entry.processes().isEmpty()) {
            object.put("processes", Json.strings(entry.processes()));
        }
        return object.put("ports", array(entry.ports(), BehaviourJson::port)).build();
    }

    public static Json.Obj peer(Peer peer) {
        return switch (peer) {
            case Peer.IpBlock(var cidr, var except) -> {
                var block = Json.object().put("cidr", cidr.toString());
                if (!except.isEmpty()) {
                    block.put("except", array(except, one -> Json.of(one.toString())));
                }
                yield Json.object().put("ipBlock", block.build()).build();
            }
            case Peer.DnsSelector(var names) ->
                Json.object().put("dnsSelector", Json.strings(names)).build();
        };
    }

    public static Json.Obj port(PortRange range) {
        var object = Json.object().put("protocol", range.protocol().name()).put("port", range.port());
        if (range.endPort() != range.port()) {
            object.put("endPort", range.endPort());
        }
        return object.build();
    }

    private static <T> Json.Arr array(Collection<T> values, Function<T, Json> each) {
        return new Json.Arr(values.stream().map(each).toList());
    }
}
