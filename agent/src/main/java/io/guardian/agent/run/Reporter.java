package io.guardian.agent.run;

import io.guardian.agent.attribute.LiveConnection;
import io.guardian.agent.attribute.LiveProcess;
import io.guardian.agent.attribute.LiveSocket;
import io.guardian.agent.attribute.Observer;
import io.guardian.agent.send.Outbox;
import io.guardian.core.event.Event;

/** Sends what was recorded. */
final class Reporter implements Observer {
    private final Outbox outbox;
    private final Counters counters;

    Reporter(Outbox outbox, Counters counters) {
        this.outbox = outbox;
        this.counters = counters;
    }

    @Override
    public void recorded(Event event) {
        outbox.add(event, System.nanoTime());
    }

    @Override
    public void imageAppeared(LiveProcess process, long atMicros) {
        counters.add("images");
    }

    @Override
    public void connectionBegan(LiveConnection connection) {
        counters.add("connections");
    }

    @Override
    public void socketOpened(LiveSocket socket) {
        counters.add("sockets");
    }

    @Override
    public void processEnded(LiveProcess process) {
        counters.add("processes.ended");
    }

    @Override
    public void counted(String what) {
        counters.add(what);
    }
}
