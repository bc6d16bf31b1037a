package io.guardian.cli.config;

import io.guardian.cli.api.Server;
import io.guardian.core.text.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A key and the server it is for.
 *
 * @param created epoch seconds, when known
 */
public record Secret(String name, Optional<Json> created, Server server) {

    /** Empty when the document has no name, key or URL, or its values are not base64. */
    static Optional<Secret> read(Json.Obj document) {
        var metadata = document.object("metadata");
        var key = value(document, "apikey");
        var url = value(document, "apiurl");
        if (metadata.text("name").isEmpty() || key.isEmpty() || url.isEmpty()) {
            return Optional.empty();
        }
        var pin = value(document, "certsha256").filter(text -> !text.isEmpty());
        var server = new Server(url.get(), key.get(), pin);
        return Optional.of(new Secret(metadata.text("name"), metadata.get("creationTimestamp"), server));
    }

    /** From {@code data}, which is base64, else from {@code stringData}. */
    private static Optional<String> value(Json.Obj document, String key) {
        var encoded = document.object("data").string(key);
        if (encoded.isEmpty()) {
            return document.object("stringData").string(key).map(String::strip);
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded.get().strip());
            return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    Json.Obj toJson() {
        var data = Json.object().put("apikey", encode(server.key())).put("apiurl", encode(server.url()));
        server.certificateSha256().ifPresent(pin -> data.put("certsha256", encode(pin)));
        return document(data.build(), "data");
    }

    /** As it may be shown. */
    public Json.Obj masked() {
        var data = Json.object().put("apikey", Server.mask(server.key())).put("apiurl", server.url());
        server.certificateSha256().ifPresent(pin -> data.put("certsha256", pin));
        return document(data.build(), "stringData");
    }

    private Json.Obj document(Json.Obj data, String dataKey) {
        var metadata = Json.object().put("name", name).putIfPresent("creationTimestamp", created);
        return Json.object()
                .put("apiVersion", "spyderbat/v1")
                .put("kind", "APISecret")
                .put("metadata", metadata.build())
                .put(dataKey, data)
                .build();
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return name + " for " + server;
    }
}
