package io.guardian.core.fingerprint;

import io.guardian.core.decide.PrivateNetworks;
import io.guardian.core.net.Cidr;
import io.guardian.core.net.IpAddress;
import io.guardian.core.policy.Peer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The peers of one process on one port in one direction: each by itself up to a limit, and beyond it the addresses as
 * the smallest block that holds all of them. Private networks and the rest of each family have a block of their own, so
 * that one public client doesn't make a block of the whole internet out of an office.
 *
 * <p>A smallest block is a least upper bound, so the order in which peers come doesn't matter, and as a block is a peer
 * like any other the join keeps its laws. Names can't be widened without meaning something else: those up to the limit
 * stay, and of further ones the address counts.
 */
final class PeersSeen {
    private final Set<Peer> single = new HashSet<>();
    private final Map<Cidr, Cidr> blocks = new HashMap<>();
    private boolean isWide;
    private long toAddresses;

    /** Adds a peer; true if something is allowed now that was not before. */
    boolean add(Peer peer, IpAddress remote) {
        if (single.contains(peer)) {
            return false;
        }
        if (single.size() < FingerprintBuilder.MAX_PEERS && (!isWide || peer instanceof Peer.DnsSelector)) {
            return single.add(peer);
        }
        if (!isWide) {
            widen();
        }
        return addToBlock(remote);
    }

    private void widen() {
        isWide = true;
        for (var peer : Set.copyOf(single)) {
            if (peer instanceof Peer.IpBlock(var cidr, var _)) {
                single.remove(peer);
                addToBlock(cidr.network());
            }
        }
    }

    private boolean addToBlock(IpAddress address) {
        var whole = whole(address);
        var before = Optional.ofNullable(blocks.get(whole));
        var block = before.orElseGet(() -> Cidr.of(address));
        while (!block.contains(address)) {
            block = block.widened(block.prefix() - 1);
        }
        blocks.put(whole, block);
        return !before.equals(Optional.of(block));
    }

    private static Cidr whole(IpAddress address) {
        return PrivateNetworks.around(address).orElseGet(() -> Cidr.of(address).widened(0));
    }

    /** Counts a connection to a peer that was added. */
    void count(Peer peer) {
        if (!(peer instanceof Peer.DnsSelector && single.contains(peer))) {
            toAddresses++;
        }
    }

    /** Connections whose peer is only part of a block, those from before there were blocks included. */
    long overflow() {
        return isWide ? toAddresses : 0;
    }

    boolean has(Peer peer) {
        return single.contains(peer);
    }

    /** Whether single addresses gave way to blocks. */
    boolean isWide() {
        return isWide;
    }

    int size() {
        return single.size() + blocks.size();
    }

    Stream<Peer> peers() {
        return Stream.concat(single.stream(), blocks.values().stream().map(Peer.IpBlock::of));
    }
}
