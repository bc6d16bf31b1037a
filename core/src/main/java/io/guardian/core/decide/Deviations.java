package io.guardian.core.decide;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.PortRange;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.Peer;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.policy.WorkloadPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * Turns what a policy refused into a {@link Deviation}.
 *
 * <p>A chain lists the images from the workload's root (or from an image whose place is uncertain) down to the one that
 * is meant, each with what it matched. New nodes hang below the nearest image that matched anything.
 */
public final class Deviations {
    /** Longer chains keep their last images; those are what deviated. */
    public static final int MAX_CHAIN = 64;

    private final CompiledPolicy policy;

    public Deviations(CompiledPolicy policy) {
        this.policy = policy;
    }

    /**
     * The last image of the chain is not allowed.
     *
     * @throws IllegalArgumentException when the last image matched a node
     */
    public Deviation process(List<Observed> chain) {
        var image = chain.getLast();
        if (!image.matched().isEmpty()) {
            throw new IllegalArgumentException("`" + image.name() + "` is allowed");
        }
        var place = place(chain);
        var patch = new Patch(place.items(), List.of(), List.of());
        return deviation(
                Deviation.Kind.PROCESS,
                patch,
                LogLine.process(image.name(), image.exe()),
                LogLine.processShort(image.name(), image.exe()));
    }

    /** A connection that the policy doesn't allow to the last image of the chain. */
    public Deviation connection(List<Observed> chain, Connection connection) {
        var place = policy.checksProcesses() ? place(chain) : new Place(List.of(), Optional.empty());
        var entry = new NetworkEntry(
                List.of(peer(connection)),
                place.process().stream().toList(),
                List.of(PortRange.of(connection.protocol(), connection.serverPort())));
        var patch = switch (connection.direction()) {
            case EGRESS -> new Patch(place.items(), List.of(entry), List.of());
            case INGRESS -> new Patch(place.items(), List.of(), List.of(entry));
        };
        String what = LogLine.connection(chain.getLast().name(), connection);
        return deviation(Deviation.Kind.of(connection.direction()), patch, what, what);
    }

    /**
     * A listening socket that no node of the last image lists.
     *
     * @throws IllegalArgumentException when the image matched no node; then it deviates as a process
     */
    public Deviation socket(List<Observed> chain, Protocol protocol, int port) {
        var image = chain.getLast();
        if (image.matched().isEmpty()) {
            throw new IllegalArgumentException("`" + image.name() + "` matched no node");
        }
        var path = policy.path(image.matched().node(0));
        var sockets = new ListeningSockets.Listed(List.of(PortRange.of(protocol, port)));
        var node = bare(path.getLast(), sockets, List.of());
        for (int i = path.size() - 2; i >= 0; i--) {
            node = bare(path.get(i), ListeningSockets.ANY, List.of(node));
        }
        var patch = new Patch(List.of(new Patch.Item.Root(node)), List.of(), List.of());
        String what = LogLine.socket(image.name(), protocol, port);
        return deviation(Deviation.Kind.SOCKET, patch, what, what);
    }

    private static ProcessNode bare(ProcessNode node, ListeningSockets sockets, List<ProcessNode> children) {
        return new ProcessNode(node.name(), node.exe(), node.id(), node.euser(), sockets, children);
    }

    private static Peer peer(Connection connection) {
        return connection.names().isEmpty()
                ? Peer.IpBlock.of(Cidr.of(connection.remote()))
                : new Peer.DnsSelector(List.of(connection.names().getFirst()));
    }

    private Deviation deviation(Deviation.Kind kind, Patch patch, String what, String shortly) {
        WorkloadPolicy document = policy.policy();
        return new Deviation(
                kind,
                document.uid(),
                patch,
                Checksum.of(kind.documentType(), document.uid(), patch),
                what + LogLine.deviatedFrom(document.name()),
                shortly + ".");
    }

    /**
     * Where a process belongs in a patch.
     *
     * @param process id of its node, the policy's or a new one
     */
    private record Place(List<Patch.Item> items, Optional<String> process) {}

    private Place place(List<Observed> chain) {
        int first = chain.size();
        while (first > 0 && chain.get(first - 1).matched().isEmpty()) {
            first--;
        }
        var anchor = first == 0
                ? Optional.<String>empty()
                : Optional.of(
                        policy.node(chain.get(first - 1).matched().node(0)).id());
        var deviating = chain.subList(Math.max(first, chain.size() - MAX_CHAIN), chain.size());
        var ids = ids(deviating, anchor);
        var nodes = nodes(deviating, ids);
        var process = ids.isEmpty() ? anchor : Optional.of(ids.getLast());
        Patch.Item item = anchor.<Patch.Item>map(id -> new Patch.Item.Below(id, nodes))
                .orElseGet(() -> new Patch.Item.Root(nodes.getFirst()));
        return new Place(List.of(item), process);
    }

    /** {@code NAME_N}, counted from 0 for each name, without the id that is taken. */
    private static List<String> ids(List<Observed> images, Optional<String> taken) {
        var next = new HashMap<String, Integer>();
        var ids = new ArrayList<String>();
        for (var image : images) {
            int number = next.getOrDefault(image.name(), 0);
            if (taken.equals(Optional.of(image.name() + "_" + number))) {
                number++;
            }
            next.put(image.name(), number + 1);
            ids.add(image.name() + "_" + number);
        }
        return ids;
    }

    /** The images as nodes below each other: none or one, with the others inside. */
    private static List<ProcessNode> nodes(List<Observed> images, List<String> ids) {
        List<ProcessNode> below = List.of();
        for (int i = images.size() - 1; i >= 0; i--) {
            var image = images.get(i);
            boolean inherits = i > 0 && images.get(i - 1).euser().equals(image.euser());
            below = List.of(new ProcessNode(
                    image.name(),
                    List.of(image.exe()),
                    ids.get(i),
                    inherits ? List.of() : List.of(image.euser()),
                    ListeningSockets.ANY,
                    below));
        }
        return below;
    }
}
