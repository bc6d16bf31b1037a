package io.guardian.core.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/**
 * Reads one JSON value from text or bytes.
 *
 * <p>Nesting is limited to 200 levels and a number to 1,000 characters, since the text may come from a stranger. A
 * repeated key is an error.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 200;
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonReader() {}

    /** @throws JsonSyntaxException when the text is not exactly one JSON value */
    public static Json read(String text) throws JsonSyntaxException {
        try (var parser = FACTORY.createParser(text)) {
            return whole(parser);
        } catch (JsonProcessingException bad) {
            throw syntax(bad);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** @throws JsonSyntaxException when the bytes are not exactly one JSON value in UTF-8 */
    public static Json read(byte[] bytes, int offset, int length) throws JsonSyntaxException {
        try (var parser = FACTORY.createParser(bytes, offset, length)) {
            return whole(parser);
        } catch (JsonProcessingException bad) {
            throw syntax(bad);
        } catch (IOException bad) {
            throw new JsonSyntaxException("not valid UTF-8", 1, 1);
        }
    }

    /** As {@link #read(String)}, but the value must be an object. */
    public static Json.Obj readObject(String text) throws JsonSyntaxException {
        if (read(text) instanceof Json.Obj object) {
            return object;
        }
        throw new JsonSyntaxException("expected an object", 1, 1);
    }

    private static JsonSyntaxException syntax(JsonProcessingException bad) {
        var place = bad.getLocation();
        return new JsonSyntaxException(
                bad.getOriginalMessage(),
                place == null ? 1 : place.getLineNr(),
                place == null ? 1 : place.getColumnNr());
    }

    private static Json whole(JsonParser parser) throws IOException, JsonSyntaxException {
        if (parser.nextToken() == null) {
            throw new JsonSyntaxException("nothing to read", 1, 1);
        }
        var value = value(parser);
        if (parser.nextToken() != null) {
            var place = parser.currentTokenLocation();
            throw new JsonSyntaxException("text after the end of the value", place.getLineNr(), place.getColumnNr());
        }
        return value;
    }

    private static Json value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new Json.Str(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getText());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> Json.Null.VALUE;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("unexpected token " + parser.currentToken());
        };
    }

    private static Json.Obj object(JsonParser parser) throws IOException {
        var fields = new LinkedHashMap<String, Json>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return new Json.Obj(fields);
    }

    private static Json.Arr array(JsonParser parser) throws IOException {
        var items = new ArrayList<Json>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new Json.Arr(items);
    }
}
