package io.guardian.core.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads the documents of a text, YAML or JSON, told apart by content.
 *
 * <p>A text that begins with a brace or bracket is read as JSON, or as several JSON values one after another; if it is
 * no JSON, and for everything else, as a YAML stream. Limits: {@value #MAX_CHARS} characters, {@value #MAX_DEPTH}
 * levels, {@value #MAX_ALIAS_NODES} values that come from aliases.
 */
public final class TreeReader {
    public static final int MAX_CHARS = 64 << 20;
    public static final int MAX_DEPTH = 200;
    public static final int MAX_ALIAS_NODES = 100_000;

    private TreeReader() {}

    /** The bytes as text, without a byte order mark; a problem is added when they are not UTF-8. */
    public static Optional<String> decode(String file, byte[] bytes, Problems problems) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var input = ByteBuffer.wrap(bytes);
        try {
            return Optional.of(decoder.decode(input).toString());
        } catch (CharacterCodingException malformed) {
            problems.error(
                    placeOfByte(file, bytes, input.position()),
                    "",
                    "byte 0x%02x is not UTF-8".formatted(bytes[input.position()] & 0xff),
                    "save the file as UTF-8");
            return Optional.empty();
        }
    }

    private static Place placeOfByte(String file, byte[] bytes, int at) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                line++;
                column = 1;
            } else if ((bytes[i] & 0xc0) != 0x80) {
                column++;
            }
        }
        return new Place(file, line, column);
    }

    /** All documents of the text, in order. Those that could not be read are left out and reported. */
    public static List<Tree> read(String file, String text, Problems problems) {
        if (text.length() > MAX_CHARS) {
            problems.error(
                    new Place(file, 0, 0),
                    "",
                    "the text has " + text.length() + " characters, over the limit of " + MAX_CHARS,
                    "split it into several files");
            return List.of();
        }
        String content = text.startsWith("\ufeff") ? text.substring(1) : text;
        if (!looksLikeJson(content)) {
            return YamlTreeReader.read(file, content, problems);
        }
        var asJson = new Problems();
        var trees = JsonTreeReader.read(file, content, asJson);
        if (asJson.errorCount() == 0) {
            return trees;
        }
        // YAML in flow style begins with a brace too.
        var asYaml = new Problems();
        var flow = YamlTreeReader.read(file, content, asYaml);
        boolean isYaml = asYaml.errorCount() == 0 && !repeatsKey(asJson);
        (isYaml || !quotesFirstKey(content) ? asYaml : asJson).errors().forEach(problems::add);
        return isYaml ? flow : quotesFirstKey(content) ? trees : flow;
    }

    private static boolean repeatsKey(Problems found) {
        return found.errors().stream().anyMatch(problem -> problem.message().startsWith("repeated key"));
    }

    private static boolean looksLikeJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    private static boolean quotesFirstKey(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && c != '{' && c != '[') {
                return c == '"';
            }
        }
        return true;
    }
}
