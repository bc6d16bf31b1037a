package io.guardian.agent.attribute;

import io.guardian.core.event.Event;
import io.guardian.core.net.Protocol;

/** Hears what came of kernel records. */
public interface Observer {

    /** A record to send. */
    void recorded(Event event);

    /**
     * A process became an image of its workload, or another one.
     *
     * @param atMicros when
     */
    void imageAppeared(LiveProcess process, long atMicros);

    /** A connection of a workload began. */
    void connectionBegan(LiveConnection connection);

    /** A process of a workload listens. */
    void socketOpened(LiveSocket socket);

    /** A process is gone. */
    void processEnded(LiveProcess process);

    /** Counts something that can't be dealt with as it should. */
    void counted(String what);

    /** The same, for several at once; nothing if it is none. */
    void counted(String what, long times);

    /** Protocols are the same here and in the sensor. */
    static Protocol protocol(io.guardian.ebpf.Protocol protocol) {
        return switch (protocol) {
            case TCP -> Protocol.TCP;
            case UDP -> Protocol.UDP;
        };
    }
}
