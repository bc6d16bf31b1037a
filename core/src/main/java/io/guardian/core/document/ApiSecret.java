package io.guardian.core.document;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A key and the server it is for. {@code toString} never shows the key.
 *
 * @param apiUrl without a trailing slash
 */
public record ApiSecret(String name, String apiKey, String apiUrl) implements Resource {

    @Override
    public Kind kind() {
        return Kind.API_SECRET;
    }

    @Override
    public String uid() {
        return "";
    }

    @Override
    public String toString() {
        return "ApiSecret[name=" + name + ", apiKey=****, apiUrl=" + apiUrl + "]";
    }

    static ApiSecret read(Fields metadata, Fields top) {
        String name = Names.read(metadata);
        var data = top.take("data").filter(slot -> !slot.isNull()).flatMap(Slot::fields);
        var plain = top.take("stringData").filter(slot -> !slot.isNull()).flatMap(Slot::fields);
        String key = value(top, data, plain, "apikey");
        String url = value(top, data, plain, "apiurl");
        return new ApiSecret(name, key, url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }

    private static String value(Fields top, Optional<Fields> data, Optional<Fields> plain, String key) {
        var encoded = data.flatMap(fields -> fields.take(key));
        if (encoded.isPresent()) {
            return decoded(encoded.get());
        }
        var typed = plain.flatMap(fields -> fields.take(key));
        if (typed.isEmpty()) {
            top.error("`" + key + "` is missing", "add it to `stringData`, or in base64 to `data`");
        }
        return typed.map(Slot::text).orElse("");
    }

    private static String decoded(Slot slot) {
        try {
            return new String(Base64.getMimeDecoder().decode(slot.text()), StandardCharsets.UTF_8).strip();
        } catch (IllegalArgumentException notBase64) {
            // The value is a secret, so it is not shown.
            slot.error("the value is not base64", "write plain text in `stringData` instead");
            return "";
        }
    }
}
