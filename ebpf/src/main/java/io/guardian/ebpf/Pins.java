package io.guardian.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders in the BPF file system that keep a sensor's maps and links: {@code guardian/NAME/vLAYOUT/}. Another
 * layout is another folder, so a run never reads maps that it would misread.
 */
record Pins(Path home, Path current) {
    /** Equals LAYOUT_VERSION of records.h. */
    static final int LAYOUT_VERSION = 6;

    private static final String LINK = "link-";

    static Pins of(SensorOptions options) {
        Path home = options.bpfFolder().resolve("guardian").resolve(options.name());
        return new Pins(home, home.resolve("v" + LAYOUT_VERSION));
    }

    String map(KernelMap map) {
        return current.resolve(map.symbol()).toString();
    }

    String link(KernelProgram program) {
        return current.resolve(LINK + program.function()).toString();
    }

    String link(KernelProgram program, long cgroupId) {
        return current.resolve(LINK + program.function() + "-" + cgroupId).toString();
    }

    boolean exists() {
        return Files.exists(current.resolve(KernelMap.CONFIG.symbol()));
    }

    void create() {
        try {
            Files.createDirectories(current);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what is pinned in this layout. */
    void clear() {
        removeAll(current);
        create();
    }

    /** Every pinned link. */
    List<Path> links() {
        return list(current).stream()
                .filter(path -> path.getFileName().toString().startsWith(LINK))
                .toList();
    }

    /** Removes what other layouts left. */
    void removeOthers() {
        for (Path folder : list(home)) {
            if (!folder.equals(current)) {
                removeAll(folder);
            }
        }
    }

    /** Removes everything; what was pinned ends when nobody holds it any more. */
    boolean remove() {
        if (!Files.exists(home)) {
            return false;
        }
        for (Path folder : list(home)) {
            removeAll(folder);
        }
        removeFile(home);
        Path shared = home.resolveSibling(".");
        if (list(shared.normalize()).isEmpty()) {
            removeFile(shared.normalize());
        }
        return true;
    }

    // Links first, so that no program runs on without the others.
    private static void removeAll(Path folder) {
        List<Path> files = new ArrayList<>(list(folder));
        files.sort((a, b) -> Boolean.compare(isLink(b), isLink(a)));
        files.forEach(Pins::removeFile);
        removeFile(folder);
    }

    private static boolean isLink(Path path) {
        return path.getFileName().toString().startsWith(LINK);
    }

    static void removeFile(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
