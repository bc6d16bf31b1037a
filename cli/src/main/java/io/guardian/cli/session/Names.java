package io.guardian.cli.session;

import io.guardian.cli.shell.Failure;
import io.guardian.core.selector.Glob;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds things by what was typed: exact uid, uid without its prefix, exact name, glob, part of a name or uid; the first
 * of these that finds something decides.
 *
 * @param what in the singular, for messages
 */
public record Names<T>(String what, Function<T, String> uid, Function<T, String> name) {

    /** How far to go beyond uids and exact names. */
    public enum Reach {
        EXACT,
        GLOBS,
        PARTS
    }

    /** Everything the text stands for; empty when nothing. */
    public List<T> all(List<T> things, String text, Reach reach) {
        var steps = new java.util.ArrayList<Predicate<T>>();
        steps.add(thing -> uid.apply(thing).equals(text));
        steps.add(thing -> withoutPrefix(uid.apply(thing)).equals(text));
        steps.add(thing -> name.apply(thing).equals(text));
        boolean isGlob = text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
        if (reach != Reach.EXACT && isGlob) {
            var glob = Glob.of(text);
            steps.add(thing -> glob.matches(name.apply(thing)) || glob.matches(uid.apply(thing)));
        }
        if (reach == Reach.PARTS) {
            String part = text.toLowerCase(Locale.ROOT);
            steps.add(thing -> contains(name.apply(thing), part) || contains(uid.apply(thing), part));
        }
        for (var step : steps) {
            var found = things.stream().filter(step).toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    /** The one thing the text stands for. */
    public T one(List<T> things, String text, Reach reach) {
        var found = all(things, text, reach);
        if (found.isEmpty()) {
            throw Failure.because("no " + what + " `" + text + "`");
        }
        if (found.size() > 1) {
            var lines = found.stream()
                    .map(thing -> " " + uid.apply(thing) + "  " + name.apply(thing))
                    .sorted()
                    .toList();
            throw Failure.because(
                    "`" + text + "` stands for " + found.size() + " " + what + " objects, give a uid:", lines);
        }
        return found.getFirst();
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part);
    }

    private static String withoutPrefix(String uid) {
        return uid.substring(uid.indexOf(':') + 1);
    }
}
