package io.guardian.checks.simulation;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file on a simulated disk.
 *
 * @param files its disk
 * @param name with a slash in front if it is absolute
 */
record SimulatedPath(SimulatedFileSystem files, String name) implements Path {
    @Override
    public FileSystem getFileSystem() {
        return files;
    }

    @Override
    public boolean isAbsolute() {
        return name.startsWith("/");
    }

    @Override
    public @Nullable Path getRoot() {
        return isAbsolute() ? new SimulatedPath(files, "/") : null;
    }

    @Override
    public Path getFileName() {
        return new SimulatedPath(files, name.substring(name.lastIndexOf('/') + 1));
    }

    @Override
    public @Nullable Path getParent() {
        int slash = name.lastIndexOf('/');
        return slash <= 0 ? null : new SimulatedPath(files, name.substring(0, slash));
    }

    @Override
    public int getNameCount() {
        return (int) name.chars().filter(c -> c == '/').count();
    }

    @Override
    public Path getName(int index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path subpath(int from, int to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean startsWith(Path other) {
        return name.startsWith(other.toString());
    }

    @Override
    public boolean endsWith(Path other) {
        return name.endsWith(other.toString());
    }

    @Override
    public Path normalize() {
        return this;
    }

    @Override
    public Path resolve(Path other) {
        return other.isAbsolute() ? other : new SimulatedPath(files, name + "/" + other);
    }

    @Override
    public Path relativize(Path other) {
        return new SimulatedPath(files, other.toString().substring(name.length() + 1));
    }

    @Override
    public URI toUri() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path toAbsolutePath() {
        return this;
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return this;
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return name.compareTo(other.toString());
    }

    @Override
    public String toString() {
        return name;
    }
}
