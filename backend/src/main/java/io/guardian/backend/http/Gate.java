package io.guardian.backend.http;

import io.guardian.backend.meta.MetaStore;
import java.time.Clock;
import java.util.Map;

/**
 * Decides who is calling and whether that one may. An organisation that does not exist and one that the key may not see
 * are answered alike, so that nothing can be learned from the difference.
 */
final class Gate {
    private final MetaStore meta;
    private final Clock clock;

    Gate(MetaStore meta, Clock clock) {
        this.meta = meta;
        this.clock = clock;
    }

    /** @param authorization value of the header, empty when it is missing */
    Caller identify(Access access, String authorization) {
        return switch (access) {
            case Access.Open() -> new Caller.Anonymous();
            case Access.AnyKey(), Access.Key _ -> keyHolder(bearer(authorization, "an API key"));
            case Access.AgentToken() -> agent(bearer(authorization, "an agent token"));
            case Access.RegistrationCode() -> registrant(bearer(authorization, "a registration code"));
        };
    }

    /** Throws a refusal when the caller may not do this. */
    void check(Access access, Caller caller, Map<String, String> params) {
        if (params.containsKey("o") && !params.get("o").equals(caller.orgUid())) {
            throw noSuchOrganisation(params.get("o"));
        }
        if (access instanceof Access.Key(var permission)
                && caller instanceof Caller.KeyHolder(var key)
                && !key.role().may(permission)) {
            throw Refusal.forbidden("role `" + key.role() + "` has no permission `" + permission + "`");
        }
    }

    static Refusal noSuchOrganisation(String uid) {
        return Refusal.forbidden("no access to organization `" + uid + "`");
    }

    private static String bearer(String authorization, String what) {
        if (authorization.isEmpty()) {
            throw Refusal.noKey("no authorization, send `Authorization: Bearer` with " + what);
        }
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw Refusal.noKey("authorization is not of the form `Bearer` and " + what);
        }
        return authorization.substring(7).strip();
    }

    private Caller keyHolder(String secret) {
        var key = meta.keys().ofSecret(secret).orElseThrow(() -> Refusal.noKey("API key is not valid"));
        if (!key.usableAt(clock.instant())) {
            throw Refusal.noKey(key.revoked() ? "API key was revoked" : "API key has expired");
        }
        return new Caller.KeyHolder(key);
    }

    private Caller agent(String token) {
        return meta.agents()
                .agentOfToken(token, clock.instant())
                .map(agent -> (Caller) new Caller.AgentCaller(agent))
                .orElseThrow(() -> Refusal.noKey("agent token is not valid, register again"));
    }

    private Caller registrant(String code) {
        var registration = meta.agents()
                .registrationOfCode(code)
                .orElseThrow(() -> Refusal.noKey("registration code is not valid"));
        if (registration.revoked() || !registration.validity().holdsAt(clock.instant())) {
            throw Refusal.noKey("registration code was revoked or has expired");
        }
        return new Caller.Registrant(registration);
    }
}
