package io.guardian.core.policy;

import io.guardian.core.net.Cidr;
import java.util.List;

/** The other end of a connection, as a document names it. */
public sealed interface Peer {

    /** @param except networks inside {@code cidr} that are not meant; at most ten */
    record IpBlock(Cidr cidr, List<Cidr> except) implements Peer {
        public IpBlock {
            except = List.copyOf(except);
        }

        public static IpBlock of(Cidr cidr) {
            return new IpBlock(cidr, List.of());
        }
    }

    /** @param names lower case, without a trailing dot; globs allowed; at least one */
    record DnsSelector(List<String> names) implements Peer {
        public DnsSelector {
            names = List.copyOf(names);
        }
    }
}
