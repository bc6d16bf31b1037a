package io.guardian.core.text;

import java.util.List;
import java.util.Map;

/** Writes JSON in the documents' style: two spaces, numbers in their shortest decimal form. */
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder();

    private JsonWriter() {}

    /** Indented, ending in a line break. */
    public static String write(Json value) {
        var writer = new JsonWriter();
        writer.value(value, 0);
        return writer.out.append('\n').toString();
    }

    /** One compact value per line. */
    public static String writeLines(Iterable<? extends Json> values) {
        var out = new StringBuilder();
        values.forEach(value -> out.append(value.toText()).append('\n'));
        return out.toString();
    }

    private void value(Json value, int indent) {
        switch (value) {
            case Json.Num number -> out.append(NumberText.of(number));
            case Json.Str _, Json.Bool _, Json.Null _ -> out.append(value.toText());
            case Json.Arr(List<Json> items) -> {
                String separator = "[";
                for (var item : items) {
                    newLine(separator, indent + 2);
                    separator = ",";
                    value(item, indent + 2);
                }
                close(items.isEmpty() ? "[]" : "]", items.isEmpty(), indent);
            }
            case Json.Obj(Map<String, Json> fields) -> {
                String separator = "{";
                for (var field : fields.entrySet()) {
                    newLine(separator, indent + 2);
                    separator = ",";
                    out.append(Json.of(field.getKey()).toText()).append(": ");
                    value(field.getValue(), indent + 2);
                }
                close(fields.isEmpty() ? "{}" : "}", fields.isEmpty(), indent);
            }
        }
    }

    private void newLine(String before, int indent) {
        out.append(before).append('\n').repeat(' ', indent);
    }

    private void close(String end, boolean empty, int indent) {
        if (!empty) {
            out.append('\n').repeat(' ', indent);
        }
        out.append(end);
    }
}
