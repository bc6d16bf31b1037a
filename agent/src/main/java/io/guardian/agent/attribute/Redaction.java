package io.guardian.agent.attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes secrets out of arguments before anything is written or sent: the value after or behind an option whose name
 * tells that it is one, and the user part of URLs.
 */
public final class Redaction {
    /** Stands for what was taken out. */
    public static final String HIDDEN = "***";

    private static final int ARGS_MAX = 64;
    private static final int BYTES_MAX = 4096;
    private static final String CUT = "…";
    private static final List<String> TELLING =
            List.of("password", "passwd", "secret", "token", "apikey", "api-key", "api_key");
    private static final Pattern URL_USER = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,30}://)[^/?#\\s@]{1,512}@");

    private final List<String> words;

    /** @param more words in lower case that tell an option's value is a secret, besides the usual ones */
    public Redaction(List<String> more) {
        var all = new ArrayList<>(TELLING);
        all.addAll(more);
        words = List.copyOf(all);
    }

    /**
     * @param cut whether the kernel already cut the list
     * @return at most 64 arguments and 4 KiB; {@code …} at the end if some were cut
     */
    public List<String> of(List<String> args, boolean cut) {
        return ofCopied(List.copyOf(args), cut);
    }

    private List<String> ofCopied(List<String> args, boolean cut) {
        // A program that sets its title leaves empty strings where its arguments were.
        int used = args.size();
        while (used > 1 && args.get(used - 1).isEmpty()) {
            used--;
        }
        var out = new ArrayList<String>(used);
        int left = BYTES_MAX;
        boolean shortened = cut;
        boolean hideNext = false;
        for (String arg : args.subList(0, used)) {
            if (out.size() == ARGS_MAX || left <= 0) {
                shortened = true;
                break;
            }
            String shown = hideNext ? HIDDEN : one(arg);
            hideNext = !hideNext && arg.startsWith("-") && arg.indexOf('=') < 0 && tells(arg);
            if (shown.length() > left) {
                shown = shown.substring(0, left);
                shortened = true;
            }
            left -= shown.length();
            out.add(shown);
        }
        if (shortened) {
            if (out.size() == ARGS_MAX) {
                out.removeLast();
            }
            out.add(CUT);
        }
        return out;
    }

    private String one(String arg) {
        int equals = arg.indexOf('=');
        if (equals > 0 && tells(arg.substring(0, equals))) {
            return arg.substring(0, equals + 1) + HIDDEN;
        }
        return arg.contains("://") ? URL_USER.matcher(arg).replaceAll("$1" + HIDDEN + "@") : arg;
    }

    private boolean tells(String option) {
        String name = option.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(name::contains);
    }
}
