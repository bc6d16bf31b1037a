package io.guardian.core.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Reads one or more JSON values, with places; a syntax error ends the reading, a repeated key doesn't. */
final class JsonTreeReader {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(TreeReader.MAX_DEPTH)
                    .maxStringLength(TreeReader.MAX_CHARS)
                    .build())
            .build();

    private final String file;
    private final JsonParser parser;
    private final Problems problems;

    private JsonTreeReader(String file, JsonParser parser, Problems problems) {
        this.file = file;
        this.parser = parser;
        this.problems = problems;
    }

    static List<Tree> read(String file, String text, Problems problems) {
        var trees = new ArrayList<Tree>();
        try (var parser = FACTORY.createParser(text)) {
            var reader = new JsonTreeReader(file, parser, problems);
            while (parser.nextToken() != null) {
                trees.add(reader.value());
            }
        } catch (JsonProcessingException bad) {
            var at = bad.getLocation();
            problems.error(
                    at == null ? new Place(file, 1, 1) : new Place(file, at.getLineNr(), at.getColumnNr()),
                    "",
                    "not JSON: " + JsonSyntaxException.plainMessage(bad.getOriginalMessage()),
                    "");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return trees;
    }

    private Tree value() throws IOException {
        var place = place();
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(place);
            case START_ARRAY -> sequence(place);
            case VALUE_STRING -> new Tree.Scalar(place, parser.getText(), Tree.Style.QUOTED);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL ->
                new Tree.Scalar(place, parser.getText(), Tree.Style.PLAIN);
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("unexpected token " + parser.currentToken());
        };
    }

    private Tree mapping(Place place) throws IOException {
        var entries = new LinkedHashMap<String, Tree.Entry>();
        int nodes = 1;
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            var keyPlace = place();
            parser.nextToken();
            var value = value();
            nodes += value.nodeCount();
            var first = entries.putIfAbsent(key, new Tree.Entry(keyPlace, key, value));
            if (first != null) {
                YamlTreeReader.repeated(problems, keyPlace, key, first.keyPlace());
            }
        }
        return new Tree.Mapping(place, List.copyOf(entries.values()), nodes);
    }

    private Tree sequence(Place place) throws IOException {
        var items = new ArrayList<Tree>();
        int nodes = 1;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            var item = value();
            nodes += item.nodeCount();
            items.add(item);
        }
        return new Tree.Sequence(place, items, nodes);
    }

    private Place place() {
        var at = parser.currentTokenLocation();
        return new Place(file, at.getLineNr(), at.getColumnNr());
    }
}
