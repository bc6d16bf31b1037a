package io.guardian.agent.attribute;

import io.guardian.core.event.ListeningSocketModel;
import io.guardian.ebpf.ProcessKey;
import java.util.Optional;

/** A socket that listens. Touched by the pipeline's thread. */
public final class LiveSocket {
    private final ProcessKey process;
    private final Optional<Instance> instance;
    private final Image image;
    private ListeningSocketModel model;
    private boolean kept;

    public LiveSocket(ProcessKey process, Optional<Instance> instance, Image image, ListeningSocketModel model) {
        this.process = process;
        this.instance = instance;
        this.image = image;
        this.model = model;
    }

    public ProcessKey process() {
        return process;
    }

    public Optional<Instance> instance() {
        return instance;
    }

    public Image image() {
        return image;
    }

    public ListeningSocketModel model() {
        return model;
    }

    ListeningSocketModel closed(long atMicros) {
        model = model.with(model.life().ended(atMicros));
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
