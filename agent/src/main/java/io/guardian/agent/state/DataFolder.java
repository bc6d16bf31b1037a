package io.guardian.agent.state;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.host.OwnerFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;

/** The folder of one agent. It is its owner's only, and one running agent's at a time. */
public final class DataFolder implements AutoCloseable {
    private static final String OWNER_FOLDER = "rwx------";
    private static final int FILE_BYTES_MAX = 64 << 20;

    private final Path folder;
    private final FileChannel lock;

    /** The folder is another running agent's. */
    public static final class InUse extends IOException {
        InUse(Path folder) {
            super("data folder `" + folder + "` belongs to an agent that is running; stop it or give another --data");
        }
    }

    private DataFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Makes the folder if it's missing, and takes it. */
    public static DataFolder open(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OWNER_FOLDER));
        var lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            lock.close();
            throw new InUse(folder);
        }
        return new DataFolder(folder, lock);
    }

    public Path path(String name) {
        return folder.resolve(name);
    }

    /** Replaces a file in one step, also across a power failure. */
    public void write(String name, byte[] content) throws IOException {
        OwnerFile.replace(folder.resolve(name), content);
    }

    public void write(String name, Json content) throws IOException {
        write(name, content.toText().getBytes(StandardCharsets.UTF_8));
    }

    /** The file's content; absent if there is none. */
    public Optional<byte[]> read(String name) throws IOException {
        var file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException("`" + file + "` is larger than " + FILE_BYTES_MAX + " bytes");
        }
        return Optional.of(Files.readAllBytes(file));
    }

    /** The file as an object; absent if there is none or it isn't one. */
    public Optional<Json.Obj> readObject(String name) throws IOException {
        var bytes = read(name);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonReader.readObject(new String(bytes.get(), StandardCharsets.UTF_8)));
        } catch (JsonSyntaxException damaged) {
            return Optional.empty();
        }
    }

    /** Removes the folder with all it holds. */
    public void remove() throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
