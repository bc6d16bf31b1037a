package io.guardian.backend.log;

import java.io.IOException;
import java.util.Optional;

/**
 * Finds the end of a log after the process died at any moment.
 *
 * <p>Only the last segment can have a torn tail, because a new one is begun after the one before is on disk. Its frames
 * are read from the front; the file is cut behind the last whole one, whatever follows: what wasn't acknowledged may
 * go, and what was acknowledged lies before it. A last segment without a whole first frame was never used and is begun
 * again.
 */
final class Recovery {
    private Recovery() {}

    /** @param cutBytes how much was cut off */
    record Found(BatchWindows windows, long end, long cutBytes) {}

    static Found recover(Segments segments) throws IOException {
        while (true) {
            var last = segments.last();
            if (last.isEmpty()) {
                segments.begin(0, new BatchWindows());
                continue;
            }
            var found = scan(last.get());
            if (found.windows().isPresent()) {
                long cut = last.get().limit() - found.end();
                if (cut > 0) {
                    last.get().truncate(found.end());
                    last.get().force();
                }
                return new Found(found.windows().get(), found.end(), cut);
            }
            segments.delete(last.get());
            if (segments.count() > 0) {
                continueBehind(segments);
            }
        }
    }

    /** The segment behind the now last one was never used: begin it again with what the last one knows. */
    private static void continueBehind(Segments segments) throws IOException {
        var last = segments.last().orElseThrow();
        var found = scan(last);
        if (found.windows().isPresent()) {
            last.truncate(found.end());
            segments.begin(found.end(), found.windows().get());
        }
    }

    private record Scan(Optional<BatchWindows> windows, long end) {}

    private static Scan scan(Segment segment) throws IOException {
        if (!segment.hasMagic()) {
            return new Scan(Optional.empty(), segment.base());
        }
        long position = segment.base() + Segment.MAGIC_BYTES;
        Optional<BatchWindows> windows = Optional.empty();
        for (var frame = segment.frame(position); frame.isPresent(); frame = segment.frame(position)) {
            switch (Frames.parse(frame.get())) {
                case Frames.Content.Windows(var snapshot) -> windows = Optional.of(snapshot);
                case Frames.Content.Batch(var entry) -> {
                    var known = windows.orElseGet(BatchWindows::new);
                    entry.batch().ifPresent(batch -> known.add(entry.sender(), batch));
                }
            }
            position += Frames.HEAD_BYTES + frame.get().length;
        }
        return new Scan(windows, position);
    }
}
