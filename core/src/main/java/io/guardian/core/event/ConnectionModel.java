package io.guardian.core.event;

import io.guardian.core.net.Protocol;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A TCP connection, or UDP between one socket and one remote.
 *
 * @param life envelope; begins at connect(), at ESTABLISHED for an inbound one, at the first datagram for UDP
 * @param owner machine and workload
 * @param direction who opened it
 * @param protocol TCP or UDP
 * @param local this machine's end
 * @param remote the other end, as really used
 * @param asked the other end as the program asked for it, where a load balancer on the way changed it; else equal to
 *     {@code remote}
 * @param names DNS names that were valid at its start for the remote that is judged, the queried name of the newest
 *     answer first
 * @param puid the image that opened it, or that listens; empty if not known
 * @param procName its name
 * @param lineage its lineage, see {@link Place}
 * @param traffic what went through
 */
public record ConnectionModel(
        Life life,
        Owner owner,
        Direction direction,
        Protocol protocol,
        NetworkEnd local,
        NetworkEnd remote,
        NetworkEnd asked,
        List<String> names,
        String puid,
        String procName,
        String lineage,
        Traffic traffic)
        implements Event {

    /** Who opened a connection. */
    public enum Direction {
        INBOUND,
        OUTBOUND,
        UNKNOWN;

        static Optional<Direction> parse(String text) {
            return switch (text) {
                case "inbound" -> Optional.of(INBOUND);
                case "outbound" -> Optional.of(OUTBOUND);
                case "unknown", "" -> Optional.of(UNKNOWN);
                default -> Optional.empty();
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Payload bytes, 0 while the connection is open or where nothing is counted. */
    public record Traffic(long receivedBytes, long sentBytes, long receivedPackets, long sentPackets) {
        public static final Traffic NONE = new Traffic(0, 0, 0, 0);
    }

    public ConnectionModel {
        names = List.copyOf(names);
    }

    /**
     * The remote that policies speak of. For TCP what was asked for: a service keeps its address and name while what is
     * behind it comes and goes, and each call of connect is judged. For UDP what was used: a process can aim a socket
     * elsewhere at any time without a packet, so only packets prove something.
     */
    public NetworkEnd judged() {
        return judged(protocol, remote, asked);
    }

    /** The same, before there is a record. */
    public static NetworkEnd judged(Protocol protocol, NetworkEnd remote, NetworkEnd asked) {
        return switch (protocol) {
            case TCP -> asked;
            case UDP -> remote;
        };
    }

    @Override
    public EventKind kind() {
        return EventKind.CONNECTION;
    }

    @Override
    public String id() {
        return life.id();
    }

    @Override
    public long timeMicros() {
        return life.timeMicros();
    }

    @Override
    public long version() {
        return life.version();
    }

    /** The same connection in another version. */
    public ConnectionModel with(Life newLife, NetworkEnd newLocal, NetworkEnd newRemote, Traffic newTraffic) {
        return new ConnectionModel(
                newLife,
                owner,
                direction,
                protocol,
                newLocal,
                newRemote,
                asked,
                names,
                puid,
                procName,
                lineage,
                newTraffic);
    }

    @Override
    public Json.Obj toJson() {
        var out = life.begin(kind())
                .put("direction", direction.toString())
                .put("protocol", protocol.name())
                .put("proto", protocol.name())
                .putUnlessEmpty("family", remote.family());
        local.write(out, NetworkEnd.Side.LOCAL);
        remote.write(out, NetworkEnd.Side.REMOTE);
        if (!asked.equals(remote)) {
            out.put("asked_ip", asked.ip()).put("asked_port", asked.port());
        }
        if (!names.isEmpty()) {
            out.put("remote_hostname", names.getFirst()).put("dns_names", Json.strings(names));
        }
        out.putUnlessEmpty("proc_name", procName)
                .putUnlessEmpty("puid", puid)
                .put("puids", Json.strings(puid.isEmpty() ? List.of() : List.of(puid)))
                .putUnlessEmpty("lineage", lineage);
        owner.write(out);
        return out.put("bytes_rx", traffic.receivedBytes())
                .put("bytes_tx", traffic.sentBytes())
                .put("packets_rx", traffic.receivedPackets())
                .put("packets_tx", traffic.sentPackets())
                .build();
    }

    static ConnectionModel read(Fields in) {
        var remote = NetworkEnd.read(in, NetworkEnd.Side.REMOTE);
        return new ConnectionModel(
                Life.read(in),
                Owner.read(in),
                in.parsed("direction", Direction::parse, Direction.UNKNOWN),
                in.parsed("protocol", Protocol::parse, Protocol.TCP),
                NetworkEnd.read(in, NetworkEnd.Side.LOCAL),
                remote,
                new NetworkEnd(in.textOr("asked_ip", remote.ip()), in.intOr("asked_port", remote.port())),
                in.texts("dns_names"),
                in.textOr("puid", ""),
                in.textOr("proc_name", ""),
                in.textOr("lineage", ""),
                new Traffic(
                        in.wholeOr("bytes_rx", 0),
                        in.wholeOr("bytes_tx", 0),
                        in.wholeOr("packets_rx", 0),
                        in.wholeOr("packets_tx", 0)));
    }
}
