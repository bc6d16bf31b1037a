package io.guardian.cli.config;

import io.guardian.cli.shell.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Reads and atomically replaces files that only their owner may read, in directories that only their owner may enter.
 */
final class Files600 {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ENTERS = PosixFilePermissions.fromString("rwx------");

    private Files600() {}

    static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException unreadable) {
            throw Failure.because("cannot read " + file + ": " + reason(unreadable));
        }
    }

    /** The file holds the old text or the new one, whatever happens in between. */
    static void replace(Path file, String text) {
        try {
            var directory = file.toAbsolutePath().getParent();
            if (directory == null) {
                throw Failure.because("cannot write " + file);
            }
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ENTERS));
            }
            var fresh = Files.createTempFile(
                    directory, file.getFileName() + ".", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            try {
                Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException unwritable) {
            throw Failure.because("cannot write " + file + ": " + reason(unwritable));
        }
    }

    private static String reason(IOException failed) {
        return switch (failed) {
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case java.nio.file.NoSuchFileException missing -> "no such file or directory `" + missing.getFile() + "`";
            default -> String.valueOf(failed.getMessage());
        };
    }
}
