package io.guardian.cluster.setup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options as typed: {@code --name value}, {@code --name=value} and switches. */
final class Words {
    private final Map<String, List<String>> values = new HashMap<>();

    private Words() {}

    /** Leaves the reading; never seen outside of the package. */
    static final class Refused extends Exception {
        Refused(String message) {
            super(message);
        }

        String words() {
            return String.valueOf(getMessage());
        }
    }

    static Words read(List<String> args, Set<String> valued, Set<String> repeatable, Set<String> switches)
            throws Refused {
        var words = new Words();
        for (int i = 0; i < args.size(); i++) {
            String word = args.get(i);
            int equals = word.indexOf('=');
            String key = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
            if (switches.contains(word)) {
                words.values.put(word, List.of("true"));
                continue;
            }
            if (!valued.contains(key) && !repeatable.contains(key)) {
                throw new Refused("unknown option `" + word + "`; see --help");
            }
            if (equals < 0 && i + 1 >= args.size()) {
                throw new Refused("option `" + key + "` needs a value");
            }
            String value = equals > 0 ? word.substring(equals + 1) : args.get(++i);
            var all = words.values.computeIfAbsent(key, name -> new ArrayList<>());
            if (!all.isEmpty() && !repeatable.contains(key)) {
                throw new Refused("option `" + key + "` is given twice");
            }
            all.add(value);
        }
        return words;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<String> one(String key) {
        return Optional.ofNullable(values.get(key)).map(List::getFirst);
    }

    List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    long number(String key, long otherwise, long least, long most) throws Refused {
        String text = one(key).orElse(Long.toString(otherwise));
        if (text.matches("[0-9]{1,10}")) {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw new Refused(
                "option `" + key + "` must be a number from " + least + " to " + most + ", not `" + text + "`");
    }
}
