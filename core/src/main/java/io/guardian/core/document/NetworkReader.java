package io.guardian.core.document;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.Direction;
import io.guardian.core.net.IpAddress;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the entries of a network policy. */
final class NetworkReader {
    private static final int MAX_EXCEPT = 10;
    private static final Cidr STAND_IN = Cidr.of(IpAddress.v4(0));

    private final NodeIds ids;

    NetworkReader(NodeIds ids) {
        this.ids = ids;
    }

    List<NetworkEntry> entries(Slot list, Direction direction) {
        return list.items(0).stream()
                .flatMap(slot -> slot.fields().stream())
                .map(fields -> entry(fields, direction))
                .toList();
    }

    private NetworkEntry entry(Fields fields, Direction direction) {
        String key = direction == Direction.INGRESS ? "from" : "to";
        String other = direction == Direction.INGRESS ? "to" : "from";
        if (fields.has(other)) {
            fields.know(other);
            fields.take(other)
                    .ifPresent(slot -> slot.error("`" + other + "` is not for " + direction, "write `" + key + "`"));
        }
        var peers = (fields.has(other) ? fields.take(key) : fields.require(key))
                .map(slot -> slot.items(1).stream()
                        .flatMap(item -> peer(item).stream())
                        .toList())
                .orElse(List.of());
        var processes = fields.take("processes").map(this::processes).orElse(List.of());
        var ports =
                fields.require("ports").map(slot -> PortReader.read(slot, 1)).orElse(List.of());
        fields.refuseUnknown();
        return new NetworkEntry(peers, processes, ports);
    }

    private List<String> processes(Slot list) {
        return list.items(1).stream()
                .map(slot -> {
                    String id = slot.text();
                    ids.check(slot, id);
                    return id;
                })
                .toList();
    }

    private static Optional<Peer> peer(Slot slot) {
        return slot.fields().map(fields -> {
            if (fields.has("ipBlock") == fields.has("dnsSelector")) {
                fields.error(
                        fields.has("ipBlock") ? "a peer has both `ipBlock` and `dnsSelector`" : "a peer is empty",
                        "give exactly one of `ipBlock` and `dnsSelector`");
            }
            var names = fields.take("dnsSelector").map(NetworkReader::names);
            var block = fields.take("ipBlock").flatMap(Slot::fields).map(NetworkReader::block);
            fields.refuseUnknown();
            return names.isPresent()
                    ? new Peer.DnsSelector(names.get())
                    : block.orElseGet(() -> Peer.IpBlock.of(STAND_IN));
        });
    }

    private static List<String> names(Slot list) {
        return list.items(1).stream().map(NetworkReader::name).toList();
    }

    /** DNS names are compared, and kept, in lower case without the dot of the root. */
    private static String name(Slot slot) {
        String typed = slot.text();
        String lower = typed.toLowerCase(Locale.ROOT);
        String name = lower.length() > 1 && lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        if (slot.isScalar()) {
            slot.reading().means(slot.tree(), Json.of(name));
        }
        return name;
    }

    private static Peer block(Fields fields) {
        var cidr = fields.require("cidr").map(NetworkReader::cidr).orElse(STAND_IN);
        var except = fields.take("except").map(list -> except(list, cidr)).orElse(List.of());
        fields.refuseUnknown();
        return new Peer.IpBlock(cidr, except);
    }

    private static List<Cidr> except(Slot list, Cidr cidr) {
        var items = list.items(0);
        if (items.size() > MAX_EXCEPT) {
            list.error(items.size() + " exceptions are over the limit of " + MAX_EXCEPT, "split the entry");
        }
        return items.stream().map(slot -> exception(slot, cidr)).toList();
    }

    private static Cidr exception(Slot slot, Cidr cidr) {
        long before = slot.reading().problems().errorCount();
        var except = cidr(slot);
        boolean readable = slot.reading().problems().errorCount() == before;
        if (readable && !cidr.contains(except)) {
            slot.error("`" + except + "` is not inside `" + cidr + "`", "an exception narrows the block of its entry");
        }
        return except;
    }

    private static Cidr cidr(Slot slot) {
        String typed = slot.text();
        if (typed.isEmpty()) {
            return STAND_IN;
        }
        return switch (Cidr.read(typed)) {
            case Cidr.Parsed.Network(var cidr) -> cidr;
            case Cidr.Parsed.HostBits(var suggestion) -> {
                slot.error("`" + typed + "` has host bits set", "did you mean `" + suggestion + "`?");
                yield STAND_IN;
            }
            case Cidr.Parsed.Unreadable() -> {
                slot.error(
                        "`" + slot.shown() + "` is not a network",
                        "write an IPv4 or IPv6 network, such as `10.0.0.0/8`");
                yield STAND_IN;
            }
        };
    }
}
