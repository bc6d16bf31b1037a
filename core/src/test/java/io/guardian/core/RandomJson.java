package io.guardian.core;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/** Makes JSON values that are hard to write, the same for the same seed. */
public final class RandomJson {
    private static final List<String> TRAPS = List.of(
            "",
            " ",
            "yes",
            "no",
            "on",
            "~",
            "null",
            "true",
            "1.20",
            "1e3",
            "0x1F",
            "007",
            "4:20",
            "1:2:3",
            "-",
            "--",
            "---",
            "...",
            "?",
            ":",
            "a: b",
            "a #b",
            "a:",
            "'",
            "''",
            "\"",
            "\\",
            "*",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%",
            "@",
            "`",
            "[",
            "]",
            "{",
            "}",
            ",",
            "#",
            "<<",
            "=",
            "a,b",
            "[a",
            "a]",
            "\n",
            "a\nb",
            "\t",
            "a\tb",
            "\u0007",
            "\u0085",
            "\u2028",
            "\ufeff",
            "é",
            "😀",
            "2024-01-16",
            "2024-01-16T13:52:51Z",
            ".inf",
            ".5",
            "+1",
            "1_000",
            "0o7",
            "12e5",
            "-a",
            "?a",
            ":a",
            "key",
            "operator",
            "- a",
            "? a",
            "a\r\nb",
            "\u0000",
            "a ",
            " a",
            "1.",
            "1.2.3",
            "::1",
            "x:y",
            "a:,b");

    private final Random random;

    public RandomJson(long seed) {
        this.random = new Random(seed);
    }

    public Json.Obj object() {
        return object(4);
    }

    public Json value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> Json.of(random.nextBoolean());
            case 1 -> Json.Null.VALUE;
            case 2 -> number();
            case 3, 4 -> Json.of(text());
            case 5 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    private Json.Obj object(int depth) {
        var fields = new LinkedHashMap<String, Json>();
        int size = random.nextInt(5);
        for (int i = 0; i < size; i++) {
            fields.put(text(), value(depth));
        }
        return new Json.Obj(fields);
    }

    private Json.Arr array(int depth) {
        var items = new ArrayList<Json>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            items.add(value(depth));
        }
        return new Json.Arr(items);
    }

    private Json.Num number() {
        return switch (random.nextInt(3)) {
            case 0 -> Json.of(random.nextLong());
            case 1 -> Json.of(random.nextInt(2000) - 1000);
            default -> Json.of(random.nextGaussian() * Math.pow(10, random.nextInt(30) - 10));
        };
    }

    public String text() {
        if (random.nextInt(3) > 0) {
            return TRAPS.get(random.nextInt(TRAPS.size()));
        }
        var out = new StringBuilder();
        int parts = random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            out.append(
                    random.nextBoolean()
                            ? TRAPS.get(random.nextInt(TRAPS.size()))
                            : Character.toString((char) (32 + random.nextInt(95))));
        }
        return out.toString();
    }
}
