package io.guardian.core.event;

import io.guardian.core.net.Protocol;
import io.guardian.core.text.Json;
import java.util.List;

/**
 * A TCP socket that listens, or a UDP socket with a port of its own.
 *
 * @param life envelope
 * @param owner machine and workload
 * @param protocol TCP or UDP
 * @param local address and port
 * @param puid the image that called listen or bind; empty if not known
 * @param procName its name
 * @param lineage its lineage, see {@link Place}
 */
public record ListeningSocketModel(
        Life life, Owner owner, Protocol protocol, NetworkEnd local, String puid, String procName, String lineage)
        implements Event {

    @Override
    public EventKind kind() {
        return EventKind.LISTENING_SOCKET;
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

    /** The same socket in another version. */
    public ListeningSocketModel with(Life newLife) {
        return new ListeningSocketModel(newLife, owner, protocol, local, puid, procName, lineage);
    }

    @Override
    public Json.Obj toJson() {
        var out = life.begin(kind()).put("proto", protocol.name()).putUnlessEmpty("family", local.family());
        local.write(out, NetworkEnd.Side.LOCAL);
        out.putUnlessEmpty("proc_name", procName)
                .putUnlessEmpty("puid", puid)
                .put("puids", Json.strings(puid.isEmpty() ? List.of() : List.of(puid)))
                .putUnlessEmpty("lineage", lineage);
        owner.write(out);
        return out.build();
    }

    static ListeningSocketModel read(Fields in) {
        return new ListeningSocketModel(
                Life.read(in),
                Owner.read(in),
                in.parsed("proto", Protocol::parse, Protocol.TCP),
                NetworkEnd.read(in, NetworkEnd.Side.LOCAL),
                in.textOr("puid", ""),
                in.textOr("proc_name", ""),
                in.textOr("lineage", ""));
    }
}
