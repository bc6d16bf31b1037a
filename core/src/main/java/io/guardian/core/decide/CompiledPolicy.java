package io.guardian.core.decide;

import io.guardian.core.net.Direction;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Subject;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * One revision of a workload policy, made ready for verdicts. Immutable and safe for all threads.
 *
 * <p>A process image is judged once, when it appears: {@link #root} for one whose parent is outside the workload,
 * {@link #child} for others, {@link #uncertain} for one whose exec was not seen. Keep the answer with the process; its
 * children, connections and sockets are judged with it. An empty answer means that the image deviates.
 *
 * <p>No verdict allocates, except the first one that gives a set of several nodes.
 */
public final class CompiledPolicy {
    private final WorkloadPolicy policy;
    private final SelectorMatch selectors;
    private final NodeTable nodes;
    private final NodeSets sets;
    private final NodeSet every;
    private final SiblingIndex roots;
    private final SiblingIndex all;
    private final SiblingIndex[] children;
    private final ConnectionIndex egress;
    private final ConnectionIndex ingress;

    private CompiledPolicy(WorkloadPolicy policy) {
        this.policy = policy;
        selectors = SelectorMatch.of(policy.selectors());
        nodes = new NodeTable(policy.behaviour());
        sets = new NodeSets(nodes.size());
        every = sets.every();
        roots = SiblingIndex.of(nodes, nodes.roots());
        all = SiblingIndex.of(nodes, IntStream.range(0, nodes.size()).boxed().toList());
        var leaf = SiblingIndex.of(nodes, List.of());
        children = new SiblingIndex[nodes.size()];
        for (int i = 0; i < children.length; i++) {
            children[i] = nodes.children(i).isEmpty() ? leaf : SiblingIndex.of(nodes, nodes.children(i));
        }
        egress = ConnectionIndex.of(policy.behaviour().egress(), nodes, checksProcesses());
        ingress = ConnectionIndex.of(policy.behaviour().ingress(), nodes, checksProcesses());
    }

    public static CompiledPolicy compile(WorkloadPolicy policy) {
        return new CompiledPolicy(policy);
    }

    public WorkloadPolicy policy() {
        return policy;
    }

    /** Whether the policy's selectors are about this workload; its type must be compared beforehand. */
    public Selection selects(Subject workload) {
        return selectors.match(workload);
    }

    /** False with {@code disableProcesses}: every image is allowed, and sets of nodes mean nothing. */
    public boolean checksProcesses() {
        return !policy.switches().processes();
    }

    /** What an image matches whose parent is outside the workload. */
    public NodeSet root(String name, String exe, String euser) {
        return roots.match(sets.empty(), name, exe, euser);
    }

    /** @param parent what the parent image matched under this very policy */
    public NodeSet child(NodeSet parent, String name, String exe, String euser) {
        var found = sets.empty();
        for (int i = 0; i < parent.size(); i++) {
            found = children[parent.node(i)].match(found, name, exe, euser);
        }
        return found;
    }

    /** What an image matches whose place in the tree is not known: any node. */
    public NodeSet uncertain(String name, String exe, String euser) {
        return all.match(sets.empty(), name, exe, euser);
    }

    /** What a process may match of which nobody knows which image it is: every node. */
    public NodeSet every() {
        return every;
    }

    /** What the image of a deviating process is given. */
    public NodeSet none() {
        return sets.empty();
    }

    public boolean allows(NodeSet image) {
        return !image.isEmpty() || !checksProcesses();
    }

    /** @param process what the image of the connection's process matched */
    public boolean allows(Connection connection, NodeSet process) {
        return switchedOff(connection.direction(), connection.remote())
                || index(connection.direction()).allow(connection, process);
    }

    /**
     * A socket is looked at only when every node that the process matched lists sockets; a deviating process is a
     * deviation of its own already.
     */
    public boolean allowsSocket(NodeSet process, Protocol protocol, int port) {
        if (process.isEmpty() || !checksProcesses()) {
            return true;
        }
        for (int i = 0; i < process.size(); i++) {
            switch (nodes.node(process.node(i)).sockets()) {
                case ListeningSockets.Any() -> {
                    return true;
                }
                case ListeningSockets.Listed(var ports) -> {
                    for (int k = 0; k < ports.size(); k++) {
                        if (ports.get(k).contains(protocol, port)) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private boolean switchedOff(Direction direction, IpAddress remote) {
        var switches = policy.switches();
        return switches.connections().includes(direction)
                || (PrivateNetworks.contain(remote) ? switches.privateConnections() : switches.publicConnections())
                        .includes(direction);
    }

    private ConnectionIndex index(Direction direction) {
        return switch (direction) {
            case EGRESS -> egress;
            case INGRESS -> ingress;
        };
    }

    public int nodeCount() {
        return nodes.size();
    }

    /** The node with this number, as the document has it. */
    public ProcessNode node(int number) {
        return nodes.node(number);
    }

    /** The number of the node with this id; absent when the policy has none. */
    public OptionalInt number(String id) {
        return nodes.number(id);
    }

    /** The nodes from a root down to the one with this number. */
    List<ProcessNode> path(int number) {
        return nodes.path(number);
    }

    /** Sets of nodes that were made without a place in the bounded table of sets. */
    public long uninternedSets() {
        return sets.uninterned();
    }
}
