package io.guardian.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders in the BPF file system that keep a sensor's maps and links: {@code guardian/NAME/vLAYOUT/}. Another
 * layout is another folder, so a run never reads maps that it would misread.
 */
record Pins(Path home, Path current) {
    /** Equals LAYOUT_VERSION of records.h. */
    static final int LAYOUT_VERSION = 9;

    private static final String LINK = "link-";

    static Pins of(SensorOptions options) {
        return of(options, LAYOUT_VERSION);
    }

    static Pins of(SensorOptions options, int layout) {
        Path home = options.bpfFolder().resolve("guardian").resolve(options.name());
        return new Pins(home, home.resolve("v" + layout));
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

    /** The folders of other layouts. */
    List<Path> others() {
        return list(home).stream().filter(folder -> !folder.equals(current)).toList();
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

    /** Removes a layout; links first, so that no program runs on without the maps. */
    static void removeAll(Path folder) {
        removeLinks(folder);
        list(folder).forEach(Pins::removeFile);
        removeFile(folder);
    }

    /** Ends the programs of a layout. */
    static void removeLinks(Path folder) {
        list(folder).stream()
                .filter(path -> path.getFileName().toString().contains(LINK))
                .forEach(Pins::removeFile);
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
