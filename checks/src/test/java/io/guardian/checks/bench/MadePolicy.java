package io.guardian.checks.bench;

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
import io.guardian.core.selector.Selectors;
import java.util.List;
import java.util.stream.IntStream;

/** Policies of a given size, and what matches their parts. */
final class MadePolicy {
    private MadePolicy() {}

    static String name(int node) {
        return "proc" + node;
    }

    static String exe(int node) {
        return "/usr/lib/app" + node + "/bin/server";
    }

    static String domain(int peer) {
        return ".svc" + peer + ".example.net";
    }

    /** Spread over the whole range, never two alike. */
    static IpAddress address(int peer) {
        return IpAddress.v4(0x0b000000 + peer * 0x9E3779B1);
    }

    static int port(int peer) {
        return 1000 + peer % 5000 * 2;
    }

    private static boolean isGlob(int index, int percent) {
        return percent > 0 && index % (100 / percent) == 0;
    }

    /** One root with so many children. */
    static WorkloadPolicy ofChildren(int count, int globPercent) {
        var children = IntStream.range(0, count)
                .mapToObj(i -> isGlob(i, globPercent)
                        ? node("n" + i, name(i) + "*[!!]", "/usr/lib/app" + i + "/*", List.of())
                        : node("n" + i, name(i), exe(i), List.of()))
                .toList();
        var root = new ProcessNode(
                "init", List.of("/sbin/init"), "init_0", List.of("root"), ListeningSockets.ANY, children);
        return policy(new Behaviour(List.of(root), List.of(), List.of()));
    }

    private static ProcessNode node(String id, String name, String exe, List<ProcessNode> children) {
        return new ProcessNode(name, List.of(exe), id, List.of("svc"), ListeningSockets.ANY, children);
    }

    /** One process with so many entries, each of one peer and port. */
    static WorkloadPolicy ofPeers(int count, int globPercent) {
        var entries = IntStream.range(0, count)
                .mapToObj(i -> new NetworkEntry(
                        List.of(
                                isGlob(i, globPercent)
                                        ? new Peer.DnsSelector(List.of("*" + domain(i)))
                                        : Peer.IpBlock.of(Cidr.of(address(i)))),
                        List.of("init_0"),
                        List.of(PortRange.of(Protocol.TCP, port(i)))))
                .toList();
        var root = new ProcessNode(
                "init", List.of("/sbin/init"), "init_0", List.of("root"), ListeningSockets.ANY, List.of());
        return policy(new Behaviour(List.of(root), entries, List.of()));
    }

    private static WorkloadPolicy policy(Behaviour behaviour) {
        return new WorkloadPolicy(
                "",
                0,
                "bench",
                PolicyType.CONTAINER,
                true,
                PolicyMode.AUDIT,
                Selectors.NONE,
                Switches.NONE,
                behaviour,
                Response.DEFAULT);
    }
}
