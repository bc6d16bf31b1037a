package io.guardian.agent.attribute;

import io.guardian.core.event.ListeningSocketModel;

/** A socket that listens. Touched by the pipeline's thread. */
public final class LiveSocket extends Opened<ListeningSocketModel> {

    LiveSocket(Opener opener, ListeningSocketModel model) {
        super(opener, model);
    }

    ListeningSocketModel closed(long atMicros) {
        return becomes(model().with(model().life().ended(atMicros)));
    }
}
