package io.guardian.agent.attribute;

import io.guardian.core.event.Event;
import io.guardian.ebpf.ProcessKey;
import java.util.Optional;

/**
 * What a process opened and has not closed yet. Touched by the pipeline's thread.
 *
 * @param <M> the record of it
 */
public abstract sealed class Opened<M extends Event> permits LiveConnection, LiveSocket {
    private final ProcessKey process;
    private final Optional<Instance> instance;
    private final Image image;
    private M model;
    private boolean kept;

    Opened(Opener opener, M model) {
        this.process = opener.process();
        this.instance = opener.instance();
        this.image = opener.image();
        this.model = model;
    }

    /** The process that opened it or listens; {@link ProcessKey#NONE} if not known. */
    public ProcessKey process() {
        return process;
    }

    public Optional<Instance> instance() {
        return instance;
    }

    /** What the process counted as when it opened this. */
    public Image image() {
        return image;
    }

    public M model() {
        return model;
    }

    /** Its record is this one from now on. */
    M becomes(M newer) {
        model = newer;
        return model;
    }

    /** It is in the file of what is known. */
    void keep() {
        kept = true;
    }

    boolean isKept() {
        return kept;
    }
}
