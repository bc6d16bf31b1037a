package io.guardian.agent.workload.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads with what Java's file API offers: every part of the path is looked at, links are followed below the root only,
 * and the file is opened without following a last link. Between look and open a hostile container could still swap a
 * folder; where the kernel's openat2 is at hand, that is used instead of this.
 */
public final class CheckedFiles implements ContainedFiles {

    private static final int LINKS_MAX = 40;

    @Override
    public Optional<byte[]> read(Path root, String inside) {
        try {
            Optional<Path> file = resolve(root, inside);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            BasicFileAttributes attributes =
                    Files.readAttributes(file.get(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            // Opening a pipe would wait for its other end.
            if (!attributes.isRegularFile() || attributes.size() > BYTES_MAX) {
                return Optional.empty();
            }
            return content(file.get());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> content(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            return bytes.length > BYTES_MAX ? Optional.empty() : Optional.of(bytes);
        }
    }

    /** Walks from the root; {@code ..} at the root stays there and an absolute link starts there again. */
    private static Optional<Path> resolve(Path root, String inside) throws IOException {
        Deque<String> rest = new ArrayDeque<>(parts(inside));
        Deque<String> walked = new ArrayDeque<>();
        int links = 0;
        while (!rest.isEmpty()) {
            String part = rest.removeFirst();
            if (part.equals("..")) {
                walked.pollLast();
                continue;
            }
            walked.addLast(part);
            Path here = root.resolve(String.join("/", walked));
            if (Files.isSymbolicLink(here)) {
                if (++links > LINKS_MAX) {
                    return Optional.empty();
                }
                String target = Files.readSymbolicLink(here).toString();
                walked.removeLast();
                if (target.startsWith("/")) {
                    walked.clear();
                }
                parts(target).reversed().forEach(rest::addFirst);
            }
        }
        return Optional.of(root.resolve(String.join("/", walked)));
    }

    private static List<String> parts(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
    }
}
