package io.guardian.backend.meta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.util.random.RandomGenerator;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/**
 * The embedded store: one SQLite file in write-ahead mode, where a commit is on disk before a call returns
 * ({@code synchronous=FULL}).
 */
public final class SqliteMeta {
    private static final int READERS = 4;

    private SqliteMeta() {}

    /**
     * Opens the file, making it (readable by its owner only) and bringing its tables up to date where needed.
     *
     * @param random source of uids and secrets; must be unpredictable
     */
    public static MetaStore open(Path file, Clock clock, RandomGenerator random) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            migrate(file);
            var writers = SqliteConnections.open(file, 1);
            var readers = SqliteConnections.open(file, READERS);
            var database = new Database(Jdbi.create(readers), Jdbi.create(writers));
            return new SqlMeta(database, clock, new Mint(random), () -> {
                readers.close();
                writers.close();
            });
        } catch (IOException failed) {
            throw new UncheckedIOException("can't make `" + file + "`", failed);
        } catch (SQLException failed) {
            throw new IllegalStateException("can't open `" + file + "`: " + failed.getMessage(), failed);
        }
    }

    private static void migrate(Path file) {
        Flyway.configure(SqliteMeta.class.getClassLoader())
                .dataSource("jdbc:sqlite:" + file, null, null)
                .locations("classpath:io/guardian/backend/meta/migration")
                .load()
                .migrate();
    }
}
