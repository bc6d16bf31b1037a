package io.guardian.checks.simulation;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of {@link java.nio.file} that programs under simulation use, over a {@link SimulatedDisk}. */
final class SimulatedFileSystem extends FileSystem {
    private final SimulatedDisk disk;
    private final Provider provider = new Provider();

    SimulatedFileSystem(SimulatedDisk disk) {
        this.disk = disk;
    }

    /** What files are made and found by. */
    private final class Provider extends FileSystemProvider {
        @Override
        public String getScheme() {
            return "simulated";
        }

        @Override
        public SimulatedChannel newFileChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            String name = path.toString();
            disk.check(disk.generation());
            boolean write = options.contains(StandardOpenOption.WRITE);
            if (write && options.contains(StandardOpenOption.CREATE_NEW) && disk.has(name)) {
                throw new FileAlreadyExistsException(name);
            }
            boolean mayCreate =
                    options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
            boolean fresh = write && mayCreate && !disk.has(name);
            if (!write && !disk.has(name) && isFolder(name)) {
                return SimulatedChannel.ofFolder(disk);
            }
            var content = fresh ? disk.create(name) : disk.find(name);
            if (write && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
                disk.cut(content, 0);
            }
            return SimulatedChannel.of(disk, content);
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return newFileChannel(path, options, attributes);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
                throws IOException {
            disk.check(disk.generation());
            var found = new java.util.ArrayList<Path>();
            for (String name : disk.under(folder.toString())) {
                var path = new SimulatedPath(SimulatedFileSystem.this, name);
                if (folder.equals(path.getParent()) && filter.accept(path)) {
                    found.add(path);
                }
            }
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    return found.iterator();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void createDirectory(Path folder, FileAttribute<?>... attributes) {
            // Every folder is there.
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.check(disk.generation());
            disk.delete(path.toString());
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            disk.check(disk.generation());
            disk.rename(source.toString(), target.toString());
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            if (!disk.has(path.toString()) && !isFolder(path.toString())) {
                throw new NoSuchFileException(path.toString());
            }
        }

        private boolean isFolder(String name) {
            return !name.contains(".") && !name.endsWith("/position");
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            checkAccess(path);
            boolean file = disk.has(path.toString());
            return type.cast(
                    new Attributes(file, file ? disk.find(path.toString()).size() : 0));
        }

        @Override
        public <V extends FileAttributeView> @Nullable V getFileAttributeView(
                Path path, Class<V> type, LinkOption... options) {
            return null;
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isSameFile(Path one, Path other) {
            return one.equals(other);
        }

        @Override
        public boolean isHidden(Path path) {
            return false;
        }

        @Override
        public FileStore getFileStore(Path path) {
            throw new UnsupportedOperationException();
        }
    }

    private record Attributes(boolean isRegularFile, long size) implements BasicFileAttributes {
        private static final FileTime NO_TIME = FileTime.fromMillis(0);

        @Override
        public FileTime lastModifiedTime() {
            return NO_TIME;
        }

        @Override
        public FileTime lastAccessTime() {
            return NO_TIME;
        }

        @Override
        public FileTime creationTime() {
            return NO_TIME;
        }

        @Override
        public boolean isDirectory() {
            return !isRegularFile;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public @Nullable Object fileKey() {
            return null;
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        var matcher = Path.of("/").getFileSystem().getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(Path.of(path.toString()));
    }

    @Override
    public Path getPath(String first, String... more) {
        return new SimulatedPath(this, more.length == 0 ? first : first + "/" + String.join("/", more));
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }
}
