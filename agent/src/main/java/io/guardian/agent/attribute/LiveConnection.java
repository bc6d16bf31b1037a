package io.guardian.agent.attribute;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.Life;
import io.guardian.core.event.NetworkEnd;

/** A connection that lives. Touched by the pipeline's thread. */
public final class LiveConnection extends Opened<ConnectionModel> {
    private long lastSeenBootNanos;
    private boolean doubtful;

    LiveConnection(Opener opener, ConnectionModel model, long bootNanos) {
        super(opener, model);
        this.lastSeenBootNanos = bootNanos;
    }

    public long lastSeenBootNanos() {
        return lastSeenBootNanos;
    }

    void seen(long bootNanos) {
        lastSeenBootNanos = bootNanos;
    }

    /** @param remote the other end as the socket has it, which a packet filter may have changed in the packets */
    ConnectionModel established(NetworkEnd local, NetworkEnd remote, long nowMicros) {
        var used = remote.equals(model().asked()) ? model().remote() : remote;
        return becomes(model().with(model().life().updated(nowMicros), local, used, model().traffic()));
    }

    ConnectionModel wentTo(NetworkEnd used, long nowMicros) {
        return becomes(model().with(model().life().updated(nowMicros), model().local(), used, model().traffic()));
    }

    ConnectionModel closed(NetworkEnd local, ConnectionModel.Traffic traffic, long atMicros) {
        Life ended = model().life().ended(atMicros);
        return becomes(model().with(ended, local.port() == 0 ? model().local() : local, model().remote(), traffic));
    }

    /** It began when records were missing, so its image may be one that the process was before. */
    LiveConnection doubtful(boolean isDoubtful) {
        doubtful = isDoubtful;
        return this;
    }

    public boolean isDoubtful() {
        return doubtful;
    }
}
