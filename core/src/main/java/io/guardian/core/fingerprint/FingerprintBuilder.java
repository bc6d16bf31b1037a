package io.guardian.core.fingerprint;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.Direction;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.PortRange;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what one workload instance does, and gives it as a behaviour in normal form whenever asked. Not safe for
 * several threads.
 *
 * <p>Each image that is added gives a handle, by which its children and connections are added; images that are the same
 * to a policy share one. Keep handles, not images: memory grows with what is new, never with how often it happens.
 *
 * <p>All input is hostile, so everything has a limit. What exceeds one is left out and counted.
 */
public final class FingerprintBuilder {
    public static final int MAX_DEPTH = 64;
    /** Different images. */
    public static final int MAX_NODES = 10_000;

    public static final int MAX_ATOMS = 10_000;
    /** Peers of one process on one port in one direction; more of them are written as blocks. */
    public static final int MAX_PEERS = 256;

    /** Handle of an image that was left out; all that hangs on it is left out too. */
    public static final int LEFT_OUT = -1;

    private final ImageTree images = new ImageTree();
    private final Map<Use, PeersSeen> peers = new HashMap<>();
    private final Map<String, Long> leftOut = new HashMap<>();
    private int atoms;
    private long revision;
    private boolean uncertain;

    private record Use(Direction direction, PortRange port, int node) {}

    /** An image whose parent is outside the workload. */
    public int root(String name, String exe, String euser) {
        return add(ImageTree.TOP, name, exe, euser);
    }

    /** An image whose exec was not seen: written as a root, and the fingerprint is marked. */
    public int uncertain(String name, String exe, String euser) {
        if (!uncertain) {
            uncertain = true;
            revision++;
        }
        return root(name, exe, euser);
    }

    /** An image that is the same as its parent's is folded into it, and so has the parent's handle. */
    public int child(int parent, String name, String exe, String euser) {
        if (parent == LEFT_OUT) {
            return leaveOut("images");
        }
        return images.isSame(parent, name, exe, euser) ? parent : add(parent, name, exe, euser);
    }

    /**
     * A process that changed its effective user in place. One that changes back to the user of the image it came from
     * counts as that image again.
     */
    public int changedUser(int image, String name, String exe, String euser) {
        if (image == LEFT_OUT) {
            return leaveOut("images");
        }
        int parent = images.parent(image);
        boolean back = parent != ImageTree.TOP && images.isSame(parent, name, exe, euser);
        return back ? parent : child(image, name, exe, euser);
    }

    private int add(int parent, String name, String exe, String euser) {
        long before = images.facts();
        int image = images.add(parent, name, exe, euser);
        if (image == LEFT_OUT) {
            return leaveOut("images");
        }
        if (images.facts() != before) {
            revision++;
        }
        return image;
    }

    /**
     * A connection of an image, at its start.
     *
     * @param serverPort local for ingress, remote for egress
     * @param name queried name of the newest valid DNS answer for the remote, lower case, without a trailing dot; empty
     *     when there is none. Looked at for egress only
     */
    public void connection(
            int image, Direction direction, Protocol protocol, IpAddress remote, int serverPort, String name) {
        connection(image, direction, protocol, remote, serverPort, name, true);
    }

    /** @param isNew false for one that was added before, which counts no second time */
    public void connection(
            int image,
            Direction direction,
            Protocol protocol,
            IpAddress remote,
            int serverPort,
            String name,
            boolean isNew) {
        if (image == LEFT_OUT) {
            leaveOut("connections");
            return;
        }
        Peer peer = direction == Direction.INGRESS || name.isEmpty()
                ? Peer.IpBlock.of(Cidr.of(remote))
                : new Peer.DnsSelector(List.of(name));
        var use = new Use(direction, PortRange.of(protocol, serverPort), images.node(image));
        var known = peers.getOrDefault(use, new PeersSeen());
        int before = known.size();
        if (atoms >= MAX_ATOMS && before < MAX_PEERS && !known.isWide() && !known.has(peer)) {
            leaveOut("connections");
            return;
        }
        peers.putIfAbsent(use, known);
        if (known.add(peer, remote)) {
            revision++;
        }
        atoms += known.size() - before;
        if (isNew) {
            known.count(peer);
        }
    }

    private int leaveOut(String what) {
        if (leftOut.merge(what, 1L, Long::sum) == 1) {
            revision++;
        }
        return LEFT_OUT;
    }

    /** Grows whenever {@link #behaviour} or one of the marks has changed. */
    public long revision() {
        return revision;
    }

    /** Everything seen, in normal form. */
    public Behaviour behaviour() {
        var raw = new Behaviour(images.roots(), raw(Direction.EGRESS), raw(Direction.INGRESS));
        return Join.join(List.of(raw));
    }

    private List<NetworkEntry> raw(Direction direction) {
        var atomsOfDirection = new ArrayList<Atom>();
        peers.forEach((use, seen) -> {
            if (use.direction() == direction) {
                seen.peers()
                        .map(peer -> new Atom(peer, use.port(), ImageTree.id(use.node())))
                        .forEach(atomsOfDirection::add);
            }
        });
        return Entries.of(atomsOfDirection);
    }

    /** Whether some image's place was not seen: {@code metadata.uncertain}. */
    public boolean isUncertain() {
        return uncertain;
    }

    /** Whether something is missing because a limit was reached: {@code metadata.truncated}. */
    public boolean isTruncated() {
        return !leftOut.isEmpty();
    }

    /** Connections whose peer is only part of a block because of {@link #MAX_PEERS}: {@code metadata.overflow}. */
    public long overflow() {
        return peers.values().stream().mapToLong(PeersSeen::overflow).sum();
    }

    /** How many images and connections were left out, by kind. */
    public Map<String, Long> leftOut() {
        return Map.copyOf(leftOut);
    }
}
