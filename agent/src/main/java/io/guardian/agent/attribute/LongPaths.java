package io.guardian.agent.attribute;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The executables of one workload whose paths are long: each text once, and as many as find room. Images hold these
 * texts for as long as they live, and verdicts rest on them, so a path that finds none is named by a hash and its end:
 * {@code …0123456789abcdef0123456789abcdef/bin/tool}. No path begins like that, and no other file has the same hash.
 *
 * <p>Who was ever run counts until the workload is forgotten: what holds a text is not known here. Touched by the
 * pipeline's thread.
 */
final class LongPaths {
    /** Up to so many characters a path always finds room. */
    static final int CHARS_FREE = 256;

    private static final int HASH_BYTES = 16;
    private static final int END_CHARS = 128;

    private final Map<Executable, Program> known = new HashMap<>();
    private Optional<TextRoom> room = Optional.empty();
    private int chars;

    /**
     * The same program, with texts that are held already or find room; with a short path if there is none.
     *
     * @param inContainer whether the workload is a container
     */
    Program fitting(Program program, boolean inContainer, TextRoom texts) {
        if (program.path().length() <= CHARS_FREE) {
            return program;
        }
        var before = known.get(new Executable(program.path(), program.origin()));
        if (before != null) {
            return new Program(program.name(), before.exe(), program.user(), before.path(), program.origin());
        }
        if (texts.takePath(chars(program), chars)) {
            hold(program, texts);
            return program;
        }
        var executable = new Executable(shortened(program.path()), program.origin());
        return Program.of(program.name(), executable, program.user(), inContainer);
    }

    /** As {@link #fitting}, for one that an earlier run found room for. */
    Program restored(Program program, TextRoom texts) {
        if (program.path().length() <= CHARS_FREE) {
            return program;
        }
        var before = known.get(new Executable(program.path(), program.origin()));
        if (before == null) {
            texts.restorePath(chars(program));
            hold(program, texts);
            return program;
        }
        return new Program(program.name(), before.exe(), program.user(), before.path(), program.origin());
    }

    private void hold(Program program, TextRoom texts) {
        known.put(new Executable(program.path(), program.origin()), program);
        chars += chars(program);
        room = Optional.of(texts);
    }

    private static int chars(Program program) {
        int compared = program.exe().equals(program.path()) ? 0 : program.exe().length();
        return program.path().length() + compared;
    }

    /** The workload is gone. */
    void forget() {
        room.ifPresent(texts -> texts.leavePaths(chars));
        room = Optional.empty();
        known.clear();
        chars = 0;
    }

    /** Whether two paths are of one file, either of which may have been shortened. */
    static boolean isSame(String one, String other) {
        return one.equals(other) || shortened(one).equals(shortened(other));
    }

    /** A path that finds no room; short ones stay as they are. */
    static String shortened(String path) {
        if (path.length() <= CHARS_FREE) {
            return path;
        }
        String end = path.substring(path.length() - END_CHARS);
        if (Character.isLowSurrogate(end.charAt(0))) {
            end = end.substring(1);
        }
        String whole = end.contains("/") ? end.substring(end.indexOf('/')) : '/' + end;
        return '…' + hash(path) + whole;
    }

    private static String hash(String path) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java has it.
            throw new IllegalStateException(impossible);
        }
    }
}
