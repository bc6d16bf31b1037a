package io.guardian.checks.simulation;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory with the promises of a real one and no more. A program that is killed keeps what it wrote, but its
 * last write may have been cut short. When the power fails, what was not forced may be missing from some moment on, the
 * write at that moment torn; changes of names are undone in the same way, newest first, unless a file was forced since
 * (as the journals of ext4 and XFS have it).
 */
final class SimulatedDisk {
    private final RandomGenerator random;
    private final Fate fate;
    private final boolean dies;
    private final Map<String, Content> files = new TreeMap<>();
    private final ArrayDeque<Runnable> nameUndo = new ArrayDeque<>();
    private final SimulatedFileSystem fileSystem = new SimulatedFileSystem(this);
    private long generation;
    private long fullUntil;
    private boolean dead;

    /**
     * @param fate says which change is the last
     * @param dies whether the thread that writes is killed too, and nothing worse happens; if not, it sees that the
     *     disk fails, and the power may fail
     */
    SimulatedDisk(RandomGenerator random, Fate fate, boolean dies) {
        this.random = random;
        this.fate = fate;
        this.dies = dies;
    }

    /** The bytes of one file, and how to undo what was not forced. */
    static final class Content {
        private byte[] bytes = new byte[256];
        private int size;
        private final List<Undo> undo = new ArrayList<>();

        /** What a write replaced. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Undo(int offset, byte[] before, int sizeBefore, int length) {}

        int size() {
            return size;
        }

        int read(byte[] into, int from, int count, int offset) {
            int length = Math.min(count, size - offset);
            if (length > 0) {
                System.arraycopy(bytes, offset, into, from, length);
            }
            return length;
        }

        private void write(byte[] data, int count, int offset, boolean undoable) {
            int end = offset + count;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            if (undoable) {
                int replaced = Math.clamp(size - offset, 0, count);
                undo.add(new Undo(offset, Arrays.copyOfRange(bytes, offset, offset + replaced), size, count));
            }
            System.arraycopy(data, 0, bytes, offset, count);
            size = Math.max(size, end);
        }

        private void cut(int length, boolean undoable) {
            if (length < size) {
                if (undoable) {
                    undo.add(new Undo(length, Arrays.copyOfRange(bytes, length, size), size, 0));
                }
                size = length;
            }
        }

        private void losePower(RandomGenerator random) {
            int kept = undo.isEmpty() ? 0 : random.nextInt(undo.size() + 1);
            for (int i = undo.size() - 1; i >= kept; i--) {
                var last = undo.get(i);
                int torn = i == kept && last.length > 1 ? random.nextInt(last.length) : 0;
                var part = Arrays.copyOfRange(bytes, last.offset, last.offset + torn);
                System.arraycopy(last.before, 0, bytes, last.offset, last.before.length);
                size = last.sizeBefore;
                System.arraycopy(part, 0, bytes, last.offset, torn);
                size = Math.max(size, torn == 0 ? 0 : last.offset + torn);
            }
            undo.clear();
        }
    }

    Path path(String absolute) {
        return new SimulatedPath(fileSystem, absolute);
    }

    /** Refuses to grow for the next n steps. */
    void fullFor(int steps) {
        fullUntil = fate.steps() + steps;
    }

    boolean isDead() {
        return dead;
    }

    /** Whoever used it is gone; files opened before can't be used any more. */
    void afterKill() {
        generation++;
        dead = false;
        fate.spare();
        fullUntil = 0;
    }

    /** As {@link #afterKill}, and the power failed too. */
    void afterPowerFailure() {
        int undone = nameUndo.isEmpty() ? 0 : random.nextInt(nameUndo.size() + 1);
        for (int i = 0; i < undone; i++) {
            nameUndo.removeLast().run();
        }
        nameUndo.clear();
        files.values().forEach(content -> content.losePower(random));
        afterKill();
    }

    long generation() {
        return generation;
    }

    void check(long openedIn) throws IOException {
        if (dead || openedIn != generation) {
            die();
        }
    }

    private void die() throws IOException {
        dead = true;
        if (dies) {
            throw new Killed();
        }
        throw new IOException("input/output error");
    }

    private void undoable(Runnable how) {
        if (!dies) {
            nameUndo.addLast(how);
        }
    }

    void write(Content content, byte[] data, int offset) throws IOException {
        boolean full = fate.steps() < fullUntil;
        if (fate.isLast()) {
            content.write(data, random.nextInt(data.length + 1), offset, !dies);
            die();
        }
        if (full) {
            content.write(data, random.nextInt(data.length), offset, !dies);
            throw new IOException("no space left on device");
        }
        content.write(data, data.length, offset, !dies);
    }

    void cut(Content content, long length) throws IOException {
        if (fate.isLast()) {
            die();
        }
        content.cut((int) length, !dies);
    }

    void force(Content content) throws IOException {
        if (fate.isLast()) {
            die();
        }
        content.undo.clear();
        nameUndo.clear();
    }

    void forceNames() throws IOException {
        if (fate.isLast()) {
            die();
        }
        nameUndo.clear();
    }

    Content find(String name) throws IOException {
        var content = files.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return content;
    }

    boolean has(String name) {
        return files.containsKey(name);
    }

    List<String> under(String folder) {
        return files.keySet().stream()
                .filter(name -> name.startsWith(folder + "/"))
                .toList();
    }

    Content create(String name) throws IOException {
        if (fate.isLast()) {
            die();
        }
        var content = new Content();
        files.put(name, content);
        undoable(() -> files.remove(name));
        return content;
    }

    void delete(String name) throws IOException {
        var content = find(name);
        if (fate.isLast()) {
            die();
        }
        files.remove(name);
        undoable(() -> files.put(name, content));
    }

    void rename(String from, String to) throws IOException {
        var content = find(from);
        if (fate.isLast()) {
            die();
        }
        var replaced = files.get(to);
        files.remove(from);
        files.put(to, content);
        undoable(() -> {
            files.put(from, content);
            if (replaced == null) {
                files.remove(to);
            } else {
                files.put(to, replaced);
            }
        });
    }

    long bytes() {
        return files.values().stream().mapToLong(content -> content.size).sum();
    }
}
