package io.guardian.core.testing;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.PortRange;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.policy.Response;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Short ways to write what documents hold. */
public final class Sample {
    private Sample() {}

    /** @param euser several users split by a comma; empty to inherit */
    public static ProcessNode node(String id, String name, String exe, String euser, ProcessNode... children) {
        return new ProcessNode(name, split(exe), id, split(euser), ListeningSockets.ANY, Arrays.asList(children));
    }

    private static List<String> split(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    public static ProcessNode listening(ProcessNode node, PortRange... ports) {
        return new ProcessNode(
                node.name(),
                node.exe(),
                node.id(),
                node.euser(),
                new ListeningSockets.Listed(List.of(ports)),
                node.children());
    }

    /**
     * @param peers blocks or names, split by a comma; {@code 10.0.0.0/8!10.1.0.0/16} has an exception
     * @param processes ids split by a comma; empty for any
     * @param ports such as {@code 443} or {@code 8000-8010}, TCP; {@code U53} is UDP; split by a comma
     */
    public static NetworkEntry entry(String peers, String processes, String ports) {
        return new NetworkEntry(
                split(peers).stream().map(Sample::peer).toList(),
                split(processes),
                split(ports).stream().map(Sample::port).toList());
    }

    public static Peer peer(String text) {
        var parts = text.split("!", -1);
        var cidr = Cidr.parse(parts[0]);
        return cidr.<Peer>map(block -> new Peer.IpBlock(
                        block, Arrays.stream(parts).skip(1).map(Sample::cidr).toList()))
                .orElseGet(() -> new Peer.DnsSelector(List.of(text)));
    }

    public static PortRange port(String text) {
        var protocol = text.startsWith("U") ? Protocol.UDP : Protocol.TCP;
        var ends = text.replace("U", "").split("-", -1);
        return new PortRange(protocol, Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }

    public static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    public static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    public static Behaviour processes(ProcessNode... roots) {
        return new Behaviour(Arrays.asList(roots), List.of(), List.of());
    }

    public static Behaviour egress(Behaviour of, NetworkEntry... entries) {
        return new Behaviour(of.processes(), Arrays.asList(entries), of.ingress());
    }

    public static Behaviour ingress(Behaviour of, NetworkEntry... entries) {
        return new Behaviour(of.processes(), of.egress(), Arrays.asList(entries));
    }

    public static WorkloadPolicy policy(Behaviour behaviour) {
        return policy(behaviour, Switches.NONE);
    }

    public static WorkloadPolicy policy(Behaviour behaviour, Switches switches) {
        return new WorkloadPolicy(
                "pol:q7Rk2ZtV0bXeM4dLs9Wc",
                1,
                "cart-prod",
                PolicyType.CONTAINER,
                true,
                PolicyMode.AUDIT,
                image("registry.example.net/shop/cart:4.2"),
                switches,
                behaviour,
                Response.DEFAULT);
    }

    public static Selectors image(String image) {
        return new Selectors(
                Map.of(Scope.CONTAINER, List.of(new Term("image", Operator.IN, List.of(image), Spelling.FLAT))));
    }
}
