package io.guardian.agent.attribute;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.Life;
import io.guardian.core.event.NetworkEnd;
import io.guardian.ebpf.ProcessKey;
import java.util.Optional;

/** A connection that lives. Touched by the pipeline's thread. */
public final class LiveConnection {
    private final ProcessKey process;
    private final Optional<Instance> instance;
    private final Image image;
    private ConnectionModel model;
    private long lastSeenBootNanos;
    private boolean kept;
    private boolean doubtful;

    public LiveConnection(
            ProcessKey process, Optional<Instance> instance, Image image, ConnectionModel model, long bootNanos) {
        this.process = process;
        this.instance = instance;
        this.image = image;
        this.model = model;
        this.lastSeenBootNanos = bootNanos;
    }

    /** The process that opened it or listens; {@link ProcessKey#NONE} if not known. */
    public ProcessKey process() {
        return process;
    }

    public Optional<Instance> instance() {
        return instance;
    }

    /** What the process counted as when the connection began. */
    public Image image() {
        return image;
    }

    public ConnectionModel model() {
        return model;
    }

    public long lastSeenBootNanos() {
        return lastSeenBootNanos;
    }

    void seen(long bootNanos) {
        lastSeenBootNanos = bootNanos;
    }

    /** @param remote the other end as the socket has it, which a packet filter may have changed in the packets */
    ConnectionModel established(NetworkEnd local, NetworkEnd remote, long nowMicros) {
        var used = remote.equals(model.asked()) ? model.remote() : remote;
        model = model.with(model.life().updated(nowMicros), local, used, model.traffic());
        return model;
    }

    ConnectionModel wentTo(NetworkEnd used, long nowMicros) {
        model = model.with(model.life().updated(nowMicros), model.local(), used, model.traffic());
        return model;
    }

    ConnectionModel closed(NetworkEnd local, ConnectionModel.Traffic traffic, long atMicros) {
        Life ended = model.life().ended(atMicros);
        model = model.with(ended, local.port() == 0 ? model.local() : local, model.remote(), traffic);
        return model;
    }

    /** It is in the file of what is known. */
    void keep() {
        kept = true;
    }

    boolean isKept() {
        return kept;
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
