package io.guardian.host;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Keeps the file that this program's output is appended to within a size: full, it is copied to {@code FILE.1}, earlier
 * copies move on, the oldest goes, and the file is emptied. It is emptied rather than renamed because the virtual
 * machine writes to it too, through descriptors that were opened (to append) before the program began.
 */
public final class LogFile extends FilterOutputStream {
    /** How many copies are kept beside the file. */
    public static final int COPIES = 3;

    private static final long BYTES = 16L << 20;

    private final Path file;
    private final long bytesMax;
    private long bytes;

    /** @param appended writes to the file's end, wherever that is */
    LogFile(OutputStream appended, Path file, long bytesMax) throws IOException {
        super(appended);
        this.file = file;
        this.bytesMax = bytesMax;
        this.bytes = Files.size(file);
    }

    /** Watches over standard output and error if the launcher says, by {@code guardian.log}, which file they go to. */
    public static void begin() {
        String name = System.getProperty("guardian.log", "");
        if (name.isEmpty()) {
            return;
        }
        try {
            var both = new PrintStream(
                    new LogFile(System.err, Path.of(name), Long.getLong("guardian.log.bytes", BYTES)),
                    true,
                    StandardCharsets.UTF_8);
            System.setErr(both);
            System.setOut(both);
        } catch (IOException missing) {
            System.err.println("the log `" + name + "` can't be kept within its size: " + missing.getMessage());
        }
    }

    @Override
    public synchronized void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] from, int offset, int length) throws IOException {
        if (bytes > 0 && bytes + length > bytesMax) {
            turn();
        }
        out.write(from, offset, length);
        bytes += length;
    }

    private void turn() throws IOException {
        out.flush();
        boolean copied = moveOn();
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        bytes = 0;
        if (!copied) {
            var note = "the log could not be copied, so its earlier lines are gone\n".getBytes(StandardCharsets.UTF_8);
            out.write(note);
            bytes = note.length;
        }
    }

    /** False on a full disk: what can't be copied is given up, so that the file stays within its size. */
    private boolean moveOn() {
        try {
            for (int i = COPIES - 1; i >= 1; i--) {
                if (Files.exists(copy(i))) {
                    Files.move(copy(i), copy(i + 1), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.copy(file, copy(1), StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    private Path copy(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }
}
