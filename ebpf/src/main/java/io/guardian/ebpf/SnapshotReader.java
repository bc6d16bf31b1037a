package io.guardian.ebpf;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads what already runs, from the kernel's iterators and the cgroup folders. */
final class SnapshotReader {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int ARGS_BYTES = 4096;

    private final LibBpf bpf;
    private final Pins pins;
    private final Scope scope;

    SnapshotReader(LibBpf bpf, Pins pins, Scope scope) {
        this.bpf = bpf;
        this.pins = pins;
        this.scope = scope;
    }

    Snapshot look() {
        return new Look(LibC.clockNanos(LibC.CLOCK_BOOTTIME));
    }

    private final class Look implements Snapshot {
        private final long bootNanos;

        Look(long bootNanos) {
            this.bootNanos = bootNanos;
        }

        @Override
        public long bootNanos() {
            return bootNanos;
        }

        @Override
        public void cgroups(Consumer<Cgroup> each) {
            SnapshotReader.this.cgroups(each);
        }

        @Override
        public void processKeys(Consumer<ProcessKey> each) {
            output(KernelProgram.EACH_TASK, bytes -> {
                long at = 0;
                for (int length = length(bytes, at); length > 0; length = length(bytes, at)) {
                    Bytes head = new Bytes(bytes, at, Layout.IMAGE);
                    each.accept(RecordDecoder.key(head, Layout.HEADER_TGID, Layout.HEADER_START_BOOT_NS));
                    at += length;
                }
                return at;
            });
        }

        @Override
        public void processes(Consumer<List<ProcessImage>> piece) {
            Pieces<ProcessImage> pieces = new Pieces<>(piece);
            output(KernelProgram.EACH_TASK, bytes -> {
                long at = 0;
                for (int length = length(bytes, at); length > 0; length = length(bytes, at)) {
                    ProcessImage image = image(new Bytes(bytes, at, length));
                    pieces.add(image, image.textBytes());
                    at += length;
                }
                return at;
            });
            pieces.finish();
        }

        @Override
        public void sockets(Consumer<List<OpenSocket>> piece) {
            Pieces<OpenSocket> pieces = new Pieces<>(piece);
            output(KernelProgram.EACH_SOCKET, bytes -> {
                long at = 0;
                for (; at + Layout.OPEN_SOCKET <= bytes.byteSize(); at += Layout.OPEN_SOCKET) {
                    pieces.add(socket(new Bytes(bytes, at, Layout.OPEN_SOCKET)), 0);
                }
                return at;
            });
            pieces.finish();
        }
    }

    /** Runs an iterator for what it does in the kernel. */
    void run(KernelProgram iterator) {
        output(iterator, MemorySegment::byteSize);
    }

    /** Takes bytes as they come; answers how many of them it took, the rest comes again with more. */
    private interface Taker {
        long take(MemorySegment bytes);
    }

    // Nothing comes if the kernel refused this iterator; the capabilities say so.
    private void output(KernelProgram iterator, Taker taker) {
        int link = bpf.objGet(pins.link(iterator));
        if (link < 0) {
            return;
        }
        int fd = bpf.iterCreate(link);
        LibC.close(link);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            long held = 0;
            int count = fd < 0 ? fd : LibC.read(fd, buffer);
            while (count > 0 || count == -LibC.EAGAIN || count == -LibC.EINTR) {
                if (count > 0) {
                    long all = held + count;
                    long taken = taker.take(buffer.asSlice(0, all));
                    held = all - taken;
                    MemorySegment.copy(buffer, taken, buffer, 0, held);
                }
                count = LibC.read(fd, buffer.asSlice(held));
            }
            if (count < 0) {
                throw new IllegalStateException(
                        "what runs can't be read (" + iterator.function() + "): " + LibC.strerror(-count));
            }
        } finally {
            LibC.close(fd);
        }
    }

    /** Length of the image here, 0 if not all of it has come. */
    private static int length(MemorySegment bytes, long at) {
        if (at + Layout.IMAGE > bytes.byteSize()) {
            return 0;
        }
        Bytes head = new Bytes(bytes, at, Layout.IMAGE);
        int length = Layout.IMAGE
                + head.u16(Layout.IMAGE_EXE_LEN)
                + head.u16(Layout.IMAGE_INNER_LEN)
                + head.u16(Layout.IMAGE_ROOT_LEN);
        return at + length > bytes.byteSize() ? 0 : length;
    }

    // The kernel's iterator can't read another process's memory on every kernel, so its arguments come from /proc.
    private static ProcessImage image(Bytes in) {
        Path file = Path.of("/proc/" + in.i32(Layout.HEADER_TGID) + "/cmdline");
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(ARGS_BYTES);
            boolean cut = Bytes.tooMany(bytes) || stream.read() >= 0;
            return RecordDecoder.image(in, new PackedTexts(bytes), cut);
        } catch (IOException e) {
            // It ended meanwhile; its exit comes as a record.
            return RecordDecoder.image(in, List.of(), true);
        }
    }

    private static Snapshot.OpenSocket socket(Bytes in) {
        boolean listening = in.u8(Layout.OPEN_SOCKET_LISTENING) != 0;
        return new Snapshot.OpenSocket(
                RecordDecoder.key(in, Layout.OPEN_SOCKET_TGID, Layout.OPEN_SOCKET_START_BOOT_NS),
                new SocketId(in.i64(Layout.OPEN_SOCKET_COOKIE), in.u32(Layout.OPEN_SOCKET_NET_NS)),
                in.i64(Layout.OPEN_SOCKET_CGROUP_ID),
                RecordDecoder.protocol(in.u8(Layout.OPEN_SOCKET_PROTOCOL)),
                listening ? Snapshot.SocketState.LISTENING : Snapshot.SocketState.CONNECTED,
                in.endpoint(Layout.OPEN_SOCKET_LOCAL),
                in.endpoint(Layout.OPEN_SOCKET_REMOTE));
    }

    private void cgroups(Consumer<Snapshot.Cgroup> each) {
        for (Scope.Target hook : scope.tops()) {
            Path above = hook.folder().equals(scope.root())
                    ? hook.folder()
                    : hook.folder().getParent();
            long parent = hook.folder().equals(scope.root())
                    ? 0
                    : Optional.ofNullable(above).flatMap(CgroupHierarchy::id).orElse(0L);
            walk(hook.folder(), parent, each);
        }
    }

    private void walk(Path folder, long parentId, Consumer<Snapshot.Cgroup> into) {
        Optional<Long> id = CgroupHierarchy.id(folder);
        if (id.isEmpty()) {
            return;
        }
        into.accept(new Snapshot.Cgroup(id.get(), parentId, "/" + scope.root().relativize(folder)));
        List<Path> below;
        try (Stream<Path> files = Files.list(folder)) {
            below = files.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            // Removed meanwhile; that comes as a record.
            return;
        }
        below.forEach(child -> walk(child, id.get(), into));
    }
}
