package io.guardian.cli.config;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Uids of organisations by the name a context gives, per server, so that a command needs no request to find them. A
 * cache that can't be read is an empty one.
 */
public final class OrganizationCache {
    private final Path file;

    public OrganizationCache(ConfigDirectory directory) {
        this.file = directory.path().resolve("org_uid_cache.json");
    }

    public Optional<String> uid(String serverUrl, String organization) {
        return content().object(serverUrl).string(organization);
    }

    public void keep(String serverUrl, String organization, String uid) {
        var all = content();
        Files600.replace(
                file,
                all.with(serverUrl, all.object(serverUrl).with(organization, Json.of(uid)))
                        .toText());
    }

    public void forget(String serverUrl, String organization) {
        var all = content();
        if (all.object(serverUrl).get(organization).isPresent()) {
            Files600.replace(
                    file,
                    all.with(serverUrl, all.object(serverUrl).without(organization))
                            .toText());
        }
    }

    private Json.Obj content() {
        try {
            var text = Files600.read(file);
            return text.isPresent() ? JsonReader.readObject(text.get()) : Json.Obj.EMPTY;
        } catch (JsonSyntaxException _) {
            return Json.Obj.EMPTY;
        }
    }
}
