package io.guardian.agent.workload;

import io.guardian.core.net.IpAddress;
import java.util.List;

/**
 * The DNS servers whose answers a workload's names may come from, as its {@code resolv.conf} said when first read.
 *
 * @param addresses in the file's order
 */
public record Resolvers(List<IpAddress> addresses) {

    /** No file, or none named. */
    public static final Resolvers NONE = new Resolvers(List.of());

    public Resolvers {
        addresses = List.copyOf(addresses);
    }
}
