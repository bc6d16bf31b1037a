package io.guardian.core.text;

/**
 * Where in a text something stands.
 *
 * @param file as the user named it; empty when the text came from no file
 * @param line counted from 1; 0 when not known
 * @param column counted from 1, in characters; 0 when not known
 */
public record Place(String file, int line, int column) {
    /** Of a value that was never text. */
    public static final Place NONE = new Place("", 0, 0);

    /** {@code policy.yaml:14:7}, as far as known. */
    @Override
    public String toString() {
        if (line == 0) {
            return file;
        }
        return (file.isEmpty() ? "" : file + ":") + line + ":" + column;
    }
}
