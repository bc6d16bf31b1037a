package io.guardian.cli.command;

import io.guardian.core.text.Json;
import io.guardian.core.text.YamlWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What differs between two documents, line by line: {@code -} only before, {@code +} only after, {@code ...} for lines
 * left out. The longest common subsequence decides which lines are the same.
 */
final class TextDiff {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    /** Of the table that pairs lines: 100 MB. */
    private static final long MAX_CELLS = 25_000_000;

    private static final String PLAIN = "\u001b[0m";

    private TextDiff() {}

    private record Line(char mark, String text) {}

    /** @param context unchanged lines shown around a change; negative shows all */
    static String of(Json.Obj before, Json.Obj after, int context, boolean colour) {
        return of(YamlWriter.write(before), YamlWriter.write(after), context, colour);
    }

    static String of(String before, String after, int context, boolean colour) {
        var lines = lines(before.lines().toList(), after.lines().toList());
        var text = new StringBuilder();
        boolean gap = false;
        for (int i = 0; i < lines.size(); i++) {
            if (context >= 0 && !isNearChange(lines, i, context)) {
                gap = true;
                continue;
            }
            if (gap) {
                text.append("...\n");
                gap = false;
            }
            append(text, lines.get(i), colour);
        }
        return text.append(gap ? "...\n" : "").toString();
    }

    private static void append(StringBuilder text, Line line, boolean colour) {
        String paint = colour && line.mark() != ' ' ? line.mark() == '-' ? RED : GREEN : "";
        text.append(paint)
                .append(line.mark())
                .append(' ')
                .append(line.text())
                .append(paint.isEmpty() ? "" : PLAIN)
                .append('\n');
    }

    private static boolean isNearChange(List<Line> lines, int at, int context) {
        int last = Math.min(lines.size() - 1, at + context);
        for (int i = Math.max(0, at - context); i <= last; i++) {
            if (lines.get(i).mark() != ' ') {
                return true;
            }
        }
        return false;
    }

    private static List<Line> lines(List<String> before, List<String> after) {
        int head = 0;
        int least = Math.min(before.size(), after.size());
        while (head < least && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < least - head && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        var lines = new ArrayList<Line>();
        before.subList(0, head).forEach(text -> lines.add(new Line(' ', text)));
        middle(before.subList(head, before.size() - tail), after.subList(head, after.size() - tail), lines);
        before.subList(before.size() - tail, before.size()).forEach(text -> lines.add(new Line(' ', text)));
        return lines;
    }

    private static void middle(List<String> before, List<String> after, List<Line> lines) {
        if ((long) before.size() * after.size() > MAX_CELLS) {
            // Too much differs to be paired line by line within a bound; all of it is shown.
            before.forEach(text -> lines.add(new Line('-', text)));
            after.forEach(text -> lines.add(new Line('+', text)));
            return;
        }
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            boolean both = i < before.size() && j < after.size();
            if (both && before.get(i).equals(after.get(j))) {
                lines.add(new Line(' ', before.get(i++)));
                j++;
            } else if (j == after.size() || both && common[i + 1][j] >= common[i][j + 1]) {
                lines.add(new Line('-', before.get(i++)));
            } else {
                lines.add(new Line('+', after.get(j++)));
            }
        }
    }
}
