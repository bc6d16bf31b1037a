package io.guardian.core.document;

import io.guardian.core.text.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads one of a fixed set of words. */
final class Choice {
    private Choice() {}

    static <T extends Enum<T>> T read(Slot slot, Function<String, Optional<T>> parse, T[] all, T standIn) {
        String typed = slot.text();
        var value = parse.apply(typed);
        if (value.isEmpty() && !typed.isEmpty()) {
            refuse(slot, typed, Arrays.stream(all).map(Object::toString).toList());
        }
        return value.orElse(standIn);
    }

    static String word(Slot slot, List<String> allowed) {
        String typed = slot.text();
        if (!typed.isEmpty() && !allowed.contains(typed)) {
            refuse(slot, typed, allowed);
        }
        return typed;
    }

    static void refuse(Slot slot, String typed, List<String> allowed) {
        String all = "use one of " + String.join(", ", allowed);
        var near = Nearest.of(typed, allowed);
        slot.error(
                "`" + slot.shown() + "` is not allowed here",
                near.map(word -> "did you mean `" + word + "`?").orElse(all));
    }
}
