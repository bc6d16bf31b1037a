package io.guardian.agent.attribute;

import io.guardian.core.event.ProcessModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of a record that whoever runs the process chooses freely, and that no verdict rests on. Outside of
 * workloads that is so of the executable too.
 */
final class ShortTexts {
    /** Up to so many characters always find room. */
    static final int CHARS_FREE = 256;

    private static final int ARGS_CHARS = 128;
    private static final int FOLDER_CHARS = 96;
    private static final String CUT = "…";

    private ShortTexts() {}

    /** How many characters they have together. */
    static int chars(ProcessModel model) {
        int chars = model.script().length() + model.cwd().length();
        chars += isJudged(model) || model.exe().length() <= LongPaths.CHARS_FREE
                ? 0
                : model.exe().length();
        for (String arg : model.args()) {
            chars += arg.length() + 1;
        }
        return chars;
    }

    private static boolean isJudged(ProcessModel model) {
        return !model.owner().fingerprintUid().isEmpty();
    }

    /** The record with the begin of each, and {@code …} where more was; of a long path with its end. */
    static ProcessModel of(ProcessModel model) {
        return new ProcessModel(
                model.life(),
                model.owner(),
                model.place(),
                model.name(),
                isJudged(model) ? model.exe() : LongPaths.shortened(model.exe()),
                model.origin(),
                args(model.args()),
                begin(model.script(), FOLDER_CHARS),
                model.pid(),
                model.ppid(),
                model.ppuid(),
                model.users(),
                begin(model.cwd(), FOLDER_CHARS),
                model.ancestors(),
                model.interactive(),
                model.otherSockets(),
                model.exit());
    }

    private static List<String> args(List<String> args) {
        var out = new ArrayList<String>();
        int left = ARGS_CHARS;
        for (String arg : args) {
            if (arg.length() >= left) {
                out.add(begin(arg, left));
                return out;
            }
            out.add(arg);
            left -= arg.length() + 1;
        }
        return out;
    }

    private static String begin(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        // Not between the two halves of a character beyond the first 65,536.
        int end = Character.isHighSurrogate(text.charAt(Math.max(0, chars - 1))) ? chars - 1 : chars;
        return text.substring(0, end) + CUT;
    }
}
