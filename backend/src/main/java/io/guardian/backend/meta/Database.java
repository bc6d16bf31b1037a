package io.guardian.backend.meta;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The two ways into an SQL database: many readers, and writers whose transaction holds from the first statement. */
final class Database {
    private final Jdbi readers;
    private final Jdbi writers;

    Database(Jdbi readers, Jdbi writers) {
        this.readers = readers;
        this.writers = writers;
    }

    <T> T read(Function<Handle, T> work) {
        return readers.withHandle(work::apply);
    }

    <T> T write(Function<Handle, T> work) {
        return writers.inTransaction(work::apply);
    }

    void change(Consumer<Handle> work) {
        writers.useTransaction(work::accept);
    }
}
