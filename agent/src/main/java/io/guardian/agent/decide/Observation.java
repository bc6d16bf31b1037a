package io.guardian.agent.decide;

import io.guardian.agent.attribute.Image;
import io.guardian.agent.attribute.Instance;
import io.guardian.agent.attribute.LiveConnection;
import io.guardian.agent.attribute.LiveProcess;
import io.guardian.agent.attribute.LiveSocket;
import io.guardian.ebpf.ProcessKey;

/** What a policy may allow or not; stays what it was when the process goes on to something else. */
public sealed interface Observation {

    /** The workload it happened in. */
    Instance instance();

    /**
     * A process became an image.
     *
     * @param uid uid of the image
     * @param startMicros when that image began
     */
    record Became(Instance instance, Image image, ProcessKey process, String uid, long startMicros)
            implements Observation {

        /** @param process an image of its workload */
        public static Became of(LiveProcess process, long startMicros) {
            return new Became(
                    process.instance().orElseThrow(), process.image(), process.key(), process.uid(), startMicros);
        }
    }

    /** A connection began. */
    record Connected(Instance instance, LiveConnection connection) implements Observation {}

    /** A process listens. */
    record Listening(Instance instance, LiveSocket socket) implements Observation {}
}
