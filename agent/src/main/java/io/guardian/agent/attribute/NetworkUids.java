package io.guardian.agent.attribute;

import io.guardian.core.id.Uids;
import io.guardian.ebpf.ProcessKey;

/** Gives the connections and sockets of this machine their uids; their numbers go on over restarts. */
final class NetworkUids {
    private final String muid;
    private long sequence;

    NetworkUids(String muid) {
        this.muid = muid;
    }

    /** Numbers go on from here. */
    void resume(long lastSequence) {
        sequence = Math.max(sequence, lastSequence);
    }

    long sequence() {
        return sequence;
    }

    String connection(ProcessKey process, long atMicros) {
        return Uids.connection(muid, seconds(atMicros), process.tgid(), ++sequence);
    }

    String socket(ProcessKey process, long atMicros) {
        return Uids.socket(muid, seconds(atMicros), process.tgid(), ++sequence);
    }

    private static long seconds(long micros) {
        return Math.floorDiv(micros, 1_000_000L);
    }
}
