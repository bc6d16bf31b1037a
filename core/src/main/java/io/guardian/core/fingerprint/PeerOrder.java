package io.guardian.core.fingerprint;

import io.guardian.core.net.Cidr;
import io.guardian.core.policy.Peer;
import io.guardian.core.text.CodePointOrder;
import java.util.Comparator;
import java.util.List;

/** Names first, then IPv4, then IPv6, ascending. */
enum PeerOrder implements Comparator<Peer> {
    INSTANCE;

    private static final Comparator<List<Cidr>> EXCEPTIONS = lexicographic(Comparator.<Cidr>naturalOrder());

    @Override
    public int compare(Peer left, Peer right) {
        return switch (left) {
            case Peer.DnsSelector(var names) ->
                right instanceof Peer.DnsSelector(var others)
                        ? lexicographic(CodePointOrder.INSTANCE).compare(names, others)
                        : -1;
            case Peer.IpBlock(var cidr, var except) -> {
                if (!(right instanceof Peer.IpBlock(var otherCidr, var otherExcept))) {
                    yield 1;
                }
                int byCidr = cidr.compareTo(otherCidr);
                yield byCidr != 0 ? byCidr : EXCEPTIONS.compare(except, otherExcept);
            }
        };
    }

    static <T> Comparator<List<T>> lexicographic(Comparator<T> each) {
        return (left, right) -> {
            for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
                int order = each.compare(left.get(i), right.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(left.size(), right.size());
        };
    }
}
