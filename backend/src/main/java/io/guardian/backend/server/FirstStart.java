package io.guardian.backend.server;

import io.guardian.backend.meta.Agents;
import io.guardian.backend.meta.Bootstrap;
import io.guardian.backend.meta.Keys;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Role;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a new server needs before anyone can use it: an organisation, an admin key, and a registration for the agent of
 * this machine. Secrets go into files that only the server's user may read.
 */
final class FirstStart {
    private static final String KEY_FILE = "admin-key";
    private static final String CODE_FILE = "registration-code";
    private static final String REGISTRATION = "local";

    private FirstStart() {}

    /**
     * Does what was not done before. A start that was cut short is made good: as long as its secrets were not written
     * down, new ones are made.
     *
     * @param chosen the operator's own key
     * @param pin digest of the server's certificate that agents must pin
     */
    static void complete(DataDirectory data, MetaStore meta, Optional<String> chosen, Optional<String> pin, Instant now)
            throws IOException {
        Optional<String> made = Bootstrap.firstAdmin(meta, chosen, now);
        if (made.isEmpty() && !data.has(KEY_FILE) && !data.has(CODE_FILE)) {
            made = Optional.of(meta.keys().create(adminKey(meta, now)).secret());
        }
        if (made.isPresent()) {
            data.writeSecret(KEY_FILE, made.get());
        }
        if (!data.has(CODE_FILE)) {
            String code = register(meta, now);
            data.writeSecret(CODE_FILE, code + pin.map(sha256 -> "@" + sha256).orElse(""));
        }
    }

    private static Keys.NewKey adminKey(MetaStore meta, Instant now) {
        var org = meta.organisations().list().getFirst();
        return new Keys.NewKey(org.uid(), org.ownerEmail(), "first admin key", Role.ADMIN, Validity.from(now));
    }

    private static String register(MetaStore meta, Instant now) {
        var org = meta.organisations().list().getFirst();
        return meta.agents()
                .createRegistration(new Agents.NewRegistration(
                        org.uid(),
                        REGISTRATION,
                        "The agent of the server's own machine",
                        Json.Obj.EMPTY,
                        org.ownerEmail(),
                        Validity.from(now)))
                .code();
    }
}
