package io.guardian.cli.api;

import io.guardian.core.text.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One request.
 *
 * @param path below {@code /api/v1}, query included
 * @param headers besides the ones every request has
 */
public record Call(String method, String path, Optional<Json> body, Map<String, String> headers) {
    public Call {
        headers = Map.copyOf(headers);
    }

    public static Call get(String path) {
        return new Call("GET", path, Optional.empty(), Map.of());
    }

    /** A POST that changes nothing: a query. */
    public static Call query(String path, Json body) {
        return new Call("POST", path, Optional.of(body), Map.of());
    }

    /** A POST that changes something; its key lets the server know a repeated try. */
    public static Call post(String path, Json body) {
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        return new Call("POST", path, Optional.of(body), key);
    }

    public static Call put(String path, Json body) {
        return new Call("PUT", path, Optional.of(body), Map.of());
    }

    public static Call delete(String path) {
        return new Call("DELETE", path, Optional.empty(), Map.of());
    }

    /** Refused by the server when the object's version is another one by now. */
    public Call ifVersion(long version) {
        var more = new LinkedHashMap<>(headers);
        more.put("If-Match", "\"" + version + "\"");
        return new Call(method, path, body, more);
    }

    /** Whether the server will be another one afterwards. */
    boolean changesSomething() {
        boolean writes = method.equals("PUT") || method.equals("DELETE") || headers.containsKey("Idempotency-Key");
        return writes && !path.contains("dry_run=");
    }

    /** Text as part of a query. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
