package io.guardian.backend.http;

import io.guardian.core.text.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back; success is always 200, except where a caller already has what it asks for. */
public sealed interface Answer {
    /** The HTTP status. */
    int status();

    /** Additional headers. */
    Map<String, String> headers();

    Answer withHeader(String name, String value);

    /** One JSON value on one line. */
    record Value(Json json, int status, Map<String, String> headers) implements Answer {
        public Value {
            headers = Map.copyOf(headers);
        }

        @Override
        public Answer withHeader(String name, String value) {
            return new Value(json, status, with(headers, name, value));
        }
    }

    /** NDJSON, written while it is found: one object per line, nothing for no rows. */
    record Lines(LineSource source, Map<String, String> headers) implements Answer {
        public Lines {
            headers = Map.copyOf(headers);
        }

        @Override
        public Answer withHeader(String name, String value) {
            return new Lines(source, with(headers, name, value));
        }

        @Override
        public int status() {
            return 200;
        }
    }

    /** Any other text, in UTF-8. */
    record Text(String contentType, String text, int status, Map<String, String> headers) implements Answer {
        public Text {
            headers = Map.copyOf(headers);
        }

        @Override
        public Answer withHeader(String name, String value) {
            return new Text(contentType, text, status, with(headers, name, value));
        }
    }

    /** 304: the caller's copy is still right. */
    record NotModified(Map<String, String> headers) implements Answer {
        public NotModified {
            headers = Map.copyOf(headers);
        }

        @Override
        public Answer withHeader(String name, String value) {
            return new NotModified(with(headers, name, value));
        }

        @Override
        public int status() {
            return 304;
        }
    }

    /** Gives rows one by one. */
    @FunctionalInterface
    interface LineSource {
        void writeTo(LineSink sink) throws IOException;
    }

    /** Takes rows one by one. */
    @FunctionalInterface
    interface LineSink {
        void write(Json.Obj row) throws IOException;
    }

    static Answer json(Json json) {
        return new Value(json, 200, Map.of());
    }

    static Answer lines(LineSource source) {
        return new Lines(source, Map.of());
    }

    static Answer lines(Iterable<Json.Obj> rows) {
        return lines(sink -> {
            for (var row : rows) {
                sink.write(row);
            }
        });
    }

    static Answer text(String contentType, String text) {
        return new Text(contentType, text, 200, Map.of());
    }

    static Answer notModified(String etag) {
        return new NotModified(Map.of("ETag", etag));
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        var copy = new LinkedHashMap<>(headers);
        copy.put(name, value);
        return copy;
    }
}
