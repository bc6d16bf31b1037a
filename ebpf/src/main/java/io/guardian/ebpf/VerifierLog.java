package io.guardian.ebpf;

import java.util.List;

/** The log of the kernel's verifier, of which the last line before the summary says why a program is refused. */
final class VerifierLog {
    /** Room for a log; a longer one is cut at its end and names no reason. */
    static final int BYTES = 1 << 22;

    private static final String SUMMARY = "processed ";
    private static final int LONGEST = 200;

    private VerifierLog() {}

    /** The reason in brackets with a space before it, or nothing. */
    static String reason(String log) {
        List<String> lines =
                log.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        for (int i = lines.size() - 1; i > 0; i--) {
            if (lines.get(i).startsWith(SUMMARY)) {
                String line = lines.get(i - 1);
                return " (" + line.substring(0, Math.min(LONGEST, line.length())) + ")";
            }
        }
        return "";
    }
}
