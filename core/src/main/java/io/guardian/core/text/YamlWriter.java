package io.guardian.core.text;

import java.util.List;
import java.util.Map;

/**
 * Writes YAML in the documents' style: block style, two spaces, dashes at the column of their key, no folding, no
 * anchors. A mapping with both {@code key} and {@code operator} is written in flow style.
 */
public final class YamlWriter {
    private static final int MAX_IMPLICIT_KEY = 1000;

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    /** One document, ending in a line break. */
    public static String write(Json document) {
        var writer = new YamlWriter();
        writer.document(document);
        return writer.out.toString();
    }

    /** Several independent documents, split by {@code ---}. */
    public static String writeStream(List<? extends Json> documents) {
        var writer = new YamlWriter();
        for (int i = 0; i < documents.size(); i++) {
            if (i > 0) {
                writer.out.append("---\n");
            }
            writer.document(documents.get(i));
        }
        return writer.out.toString();
    }

    private void document(Json document) {
        if (isBlock(document)) {
            block(document, 0, false);
        } else {
            inline(document, false);
            out.append('\n');
        }
    }

    private static boolean isBlock(Json value) {
        return switch (value) {
            case Json.Obj(Map<String, Json> fields) -> !fields.isEmpty() && !isFlow(fields);
            case Json.Arr(List<Json> items) -> !items.isEmpty();
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> false;
        };
    }

    private static boolean isFlow(Map<String, Json> fields) {
        return fields.containsKey("key") && fields.containsKey("operator");
    }

    /** @param started whether the line of the first key or dash already stands at its column */
    private void block(Json value, int indent, boolean started) {
        boolean first = started;
        if (value instanceof Json.Obj(Map<String, Json> fields)) {
            for (var field : fields.entrySet()) {
                indent(first ? 0 : indent);
                first = false;
                key(field.getKey(), indent);
                afterKey(field.getValue(), indent);
            }
        } else if (value instanceof Json.Arr(List<Json> items)) {
            for (var item : items) {
                indent(first ? 0 : indent);
                first = false;
                out.append('-');
                afterDash(item, indent);
            }
        }
    }

    private void key(String key, int indent) {
        String text = YamlText.scalar(key, false);
        if (text.length() <= MAX_IMPLICIT_KEY) {
            out.append(text).append(':');
        } else {
            out.append("? ").append(text).append('\n');
            indent(indent);
            out.append(':');
        }
    }

    private void afterKey(Json value, int indent) {
        if (isBlock(value)) {
            out.append('\n');
            block(value, value instanceof Json.Arr ? indent : indent + 2, false);
        } else {
            out.append(' ');
            inline(value, false);
            out.append('\n');
        }
    }

    private void afterDash(Json value, int indent) {
        out.append(' ');
        if (isBlock(value)) {
            block(value, indent + 2, true);
        } else {
            inline(value, false);
            out.append('\n');
        }
    }

    private void inline(Json value, boolean inFlow) {
        switch (value) {
            case Json.Str(String text) -> out.append(YamlText.scalar(text, inFlow));
            case Json.Num number -> out.append(NumberText.of(number));
            case Json.Bool(boolean truth) -> out.append(truth);
            case Json.Null() -> out.append("null");
            case Json.Arr(List<Json> items) -> {
                out.append('[');
                String separator = "";
                for (var item : items) {
                    out.append(separator);
                    separator = ", ";
                    inline(item, true);
                }
                out.append(']');
            }
            case Json.Obj(Map<String, Json> fields) -> {
                out.append('{');
                String separator = "";
                for (var field : fields.entrySet()) {
                    out.append(separator);
                    separator = ", ";
                    String key = YamlText.scalar(field.getKey(), true);
                    out.append(key.length() > MAX_IMPLICIT_KEY ? "? " : "")
                            .append(key)
                            .append(": ");
                    inline(field.getValue(), true);
                }
                out.append('}');
            }
        }
    }

    private void indent(int columns) {
        out.repeat(' ', columns);
    }
}
