package io.guardian.backend.server;

import io.guardian.host.OwnerFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The directory that one running server owns; only its user may look in. */
public final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileLock lock;

    private DataDirectory(Path path, FileLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /** The directory can't be used; the message says why. */
    public static final class Unusable extends Exception {
        Unusable(String message) {
            super(message);
        }
    }

    public static DataDirectory open(Path path) throws Unusable {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            var channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = tryLock(channel);
            if (lock.isEmpty()) {
                channel.close();
                throw new Unusable("data directory `" + path
                        + "` is in use by a running server: stop it or give another `--data`");
            }
            return new DataDirectory(path, lock.get());
        } catch (IOException failed) {
            throw new Unusable("data directory `" + path + "` can't be written (" + failed.getMessage()
                    + "): give another `--data`");
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException sameProcess) {
            return Optional.empty();
        }
    }

    /**
     * Deletes what killed servers left in the directory for temporary files, if it is inside this one: the history's
     * native library is unpacked there at each start, and only a server that ends by itself takes it away.
     */
    public void clearTemporary() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        if (!temporary.startsWith(path) || !Files.isDirectory(temporary)) {
            return;
        }
        try (var files = Files.newDirectoryStream(temporary, "libduckdb_java*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    public Path path(String name) {
        return path.resolve(name);
    }

    public boolean has(String name) {
        return Files.exists(path(name));
    }

    /** Writes a small file that only its owner may read; it is there as a whole or not at all. */
    public void writeSecret(String name, String text) throws IOException {
        OwnerFile.replace(path(name), (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        lock.channel().close();
    }
}
