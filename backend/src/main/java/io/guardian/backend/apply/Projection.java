package io.guardian.backend.apply;

import io.guardian.backend.ingest.Replay;
import io.guardian.backend.store.Row;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Something that is made from records. The applier's thread calls it, in the order of the log.
 *
 * <p>What it makes must depend on the records alone as far as ids go, so that a replay after a crash gives the same
 * records again and not others.
 */
public interface Projection {

    /**
     * One record.
     *
     * @return whether the record is stored as it is; false if the projection stores it itself
     */
    boolean take(Replay.Item item);

    /** Whether there is more to give at once, without waiting for another record. */
    default boolean busy() {
        return false;
    }

    /** Gives what is to be stored now, because of the records taken or because time has passed. */
    void flush(Instant now, Consumer<Row> out);

    /** All that was given is durable: the moment for effects outside the history. */
    void committed();

    /**
     * What was given since the last commit was not stored after all, and the same records come again; everything that
     * followed from them must be given again too.
     */
    void abandoned();
}
