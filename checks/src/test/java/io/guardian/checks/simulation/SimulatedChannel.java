package io.guardian.checks.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file of a simulated disk. */
final class SimulatedChannel extends FileChannel {
    private final SimulatedDisk disk;
    private final SimulatedDisk.Content content;
    private final boolean folder;
    private final long generation;
    private long position;

    private SimulatedChannel(SimulatedDisk disk, SimulatedDisk.Content content, boolean folder) {
        this.disk = disk;
        this.content = content;
        this.folder = folder;
        this.generation = disk.generation();
    }

    static SimulatedChannel of(SimulatedDisk disk, SimulatedDisk.Content content) {
        return new SimulatedChannel(disk, content, false);
    }

    /** A folder can only be forced. */
    static SimulatedChannel ofFolder(SimulatedDisk disk) {
        return new SimulatedChannel(disk, new SimulatedDisk.Content(), true);
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
        disk.check(generation);
        if (offset >= content.size()) {
            return -1;
        }
        var bytes = new byte[into.remaining()];
        int count = content.read(bytes, 0, bytes.length, (int) offset);
        into.put(bytes, 0, count);
        return count;
    }

    @Override
    public int write(ByteBuffer from, long offset) throws IOException {
        disk.check(generation);
        var bytes = new byte[from.remaining()];
        from.get(bytes);
        disk.write(content, bytes, (int) offset);
        return bytes.length;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = read(into, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = write(from, position);
        position += count;
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        disk.check(generation);
        return content.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.check(generation);
        disk.cut(content, size);
        return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        disk.check(generation);
        if (folder) {
            disk.forceNames();
        } else {
            disk.force(content);
        }
    }

    @Override
    protected void implCloseChannel() {}

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long offset, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long offset, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long offset, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long offset, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long offset, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
