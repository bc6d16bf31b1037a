package io.guardian.core.decide;

import io.guardian.core.net.Direction;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import java.util.List;

/**
 * A connection as a policy sees it.
 *
 * @param direction ingress when the other side opened it
 * @param serverPort local for ingress, remote for egress
 * @param names DNS names valid for the remote at its start, lower case, without a trailing dot; the first is the one to
 *     write down: the queried name of the newest answer. Empty when there is none
 */
public record Connection(Direction direction, Protocol protocol, IpAddress remote, int serverPort, List<String> names) {
    public Connection {
        names = List.copyOf(names);
    }
}
