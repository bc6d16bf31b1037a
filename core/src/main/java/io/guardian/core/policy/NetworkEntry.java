package io.guardian.core.policy;

import io.guardian.core.net.PortRange;
import java.util.List;

/**
 * One allowed combination: any of the peers, on any of the ports, by any of the processes.
 *
 * @param peers at least one
 * @param processes ids of process nodes; empty means any process
 * @param ports the server's ports: local for ingress, remote for egress; at least one
 */
public record NetworkEntry(List<Peer> peers, List<String> processes, List<PortRange> ports) {
    public NetworkEntry {
        peers = List.copyOf(peers);
        processes = List.copyOf(processes);
        ports = List.copyOf(ports);
    }
}
