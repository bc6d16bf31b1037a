package io.guardian.core.text;

import java.util.List;
import java.util.TreeMap;

/** Writes {@link Json} as one line. */
final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder();
    private final boolean canonical;

    private JsonText(boolean canonical) {
        this.canonical = canonical;
    }

    static String compact(Json value) {
        return new JsonText(false).write(value);
    }

    static String canonical(Json value) {
        return new JsonText(true).write(value);
    }

    private String write(Json value) {
        append(value);
        return out.toString();
    }

    private void append(Json value) {
        switch (value) {
            case Json.Obj object -> appendObject(object);
            case Json.Arr(List<Json> items) -> appendItems(items);
            case Json.Str(String text) -> appendString(text);
            case Json.Num(String digits) -> out.append(digits);
            case Json.Bool(boolean truth) -> out.append(truth);
            case Json.Null() -> out.append("null");
        }
    }

    private void appendObject(Json.Obj object) {
        var fields = canonical ? new TreeMap<String, Json>(CodePointOrder.INSTANCE) : object.fields();
        if (canonical) {
            fields.putAll(object.fields());
        }
        out.append('{');
        boolean first = true;
        for (var field : fields.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            appendString(field.getKey());
            out.append(':');
            append(field.getValue());
        }
        out.append('}');
    }

    private void appendItems(List<Json> items) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            append(items.get(i));
        }
        out.append(']');
    }

    private void appendString(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!canonical && Character.isSurrogate(c)) {
                i = appendSurrogate(text, i);
            } else {
                appendChar(c);
            }
        }
        out.append('"');
    }

    /** A lone surrogate can't be encoded as UTF-8, so it is escaped; returns the index of the last unit written. */
    private int appendSurrogate(String text, int at) {
        int codePoint = text.codePointAt(at);
        if (Character.isSupplementaryCodePoint(codePoint)) {
            out.appendCodePoint(codePoint);
            return at + 1;
        }
        appendEscape(text.charAt(at));
        return at;
    }

    private void appendChar(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default -> {
                if (c < 0x20 || canonical && c > 0x7e) {
                    appendEscape(c);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private void appendEscape(char c) {
        out.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[c >> 8 & 0xf])
                .append(HEX[c >> 4 & 0xf])
                .append(HEX[c & 0xf]);
    }
}
