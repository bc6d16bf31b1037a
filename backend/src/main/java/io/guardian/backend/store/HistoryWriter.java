package io.guardian.backend.store;

import java.util.List;

/** Adds to the history. One thread at a time. */
public interface HistoryWriter {

    /**
     * Adds the rows and remembers the position they reach up to; all of it or nothing, durable on return.
     *
     * @throws HistoryBusyException when that is not possible now, because the disk is full for example
     */
    void commit(List<Row> rows, long position);
}
