package io.guardian.agent.workload;

import io.guardian.core.net.IpAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The DNS servers whose answers a workload's names may come from: what its {@code resolv.conf} said when first read,
 * and what the agent was told of besides.
 *
 * @param addresses in that order
 */
public record Resolvers(List<IpAddress> addresses) {

    /** No file, or none named. */
    public static final Resolvers NONE = new Resolvers(List.of());

    public Resolvers {
        addresses = List.copyOf(addresses);
    }

    /** These and others, each once. */
    public Resolvers and(Resolvers others) {
        return new Resolvers(Stream.concat(addresses.stream(), others.addresses.stream())
                .distinct()
                .toList());
    }
}
