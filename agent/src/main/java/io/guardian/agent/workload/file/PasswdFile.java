package io.guardian.agent.workload.file;

import io.guardian.agent.workload.UserNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code /etc/passwd} (passwd(5)): {@code name:password:uid:…}, of two entries for one uid the first, as getpwuid
 * does. Lines that are no entries are skipped.
 */
public final class PasswdFile {

    private static final int LINES_MAX = 20_000;
    private static final int NAME_CHARS_MAX = 256;
    private static final long UID_MAX = 0xffff_ffffL;

    private PasswdFile() {}

    /** @param text the file's content */
    public static UserNames parse(String text) {
        Map<Long, String> names = new HashMap<>();
        List<String> lines = text.lines().limit(LINES_MAX).toList();
        for (String line : lines) {
            String[] fields = line.split(":", 4);
            if (fields.length >= 3 && isName(fields[0])) {
                long uid = uid(fields[2]);
                if (uid >= 0) {
                    names.putIfAbsent(uid, fields[0]);
                }
            }
        }
        return new UserNames(names);
    }

    /** A name goes into log lines and policies, so one with control characters or white space is none. */
    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_CHARS_MAX
                && text.charAt(0) != '#'
                && text.charAt(0) != '+'
                && text.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    }

    private static long uid(String digits) {
        if (digits.isEmpty() || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        long uid = Long.parseLong(digits);
        return uid <= UID_MAX ? uid : -1;
    }
}
