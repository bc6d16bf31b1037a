package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.ApiKey;
import io.guardian.backend.meta.Keys;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Role;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.util.List;

/** API keys: the text of one is in the answer that makes it, and nowhere else. */
final class KeyEndpoints {
    private static final String PATH = Wire.ORG + "/apikey";

    private final Keys keys;

    KeyEndpoints(Keys keys) {
        this.keys = keys;
    }

    List<Endpoint> all() {
        var manage = Access.key(Permission.MANAGE_KEYS);
        return List.of(
                Endpoint.get(PATH, manage, "Lists API keys, without their text.", this::list),
                Endpoint.post(PATH, manage, "apikey.create", "Makes an API key; shows its text once.", this::create),
                Endpoint.delete(PATH + "/{uid}", manage, "apikey.revoke", "Revokes an API key.", this::revoke));
    }

    private Answer list(Call call) {
        return Answer.json(Wire.array(
                keys.list(call.org()).stream().map(KeyEndpoints::json).toList()));
    }

    private Answer create(Call call) {
        var body = call.jsonObject();
        String name = Wire.requiredName(body);
        var role = body.get("role").isEmpty() ? Role.READ_ONLY : role(Wire.required(body, "role"));
        var validity = new Validity(call.now(), Wire.end(body, "valid_to"));
        if (!validity.holdsAt(call.now())) {
            throw Refusal.badRequest("`valid_to` is in the past");
        }
        String principal = body.string("principal").orElse(call.key().principal());
        var created = keys.create(new Keys.NewKey(call.org(), principal, name, role, validity));
        call.note(AuditNote.of(created.key().uid(), name).withMessage("role " + role));
        return Answer.json(json(created.key()).with("key", Json.of(created.secret())));
    }

    private static Role role(String text) {
        return Role.parse(text)
                .orElseThrow(() -> Refusal.badRequest(
                        "unknown role `" + text + "`",
                        "use one of "
                                + String.join(
                                        ", ",
                                        java.util.Arrays.stream(Role.values())
                                                .map(Role::toString)
                                                .toList())));
    }

    private Answer revoke(Call call) {
        String uid = call.param("uid");
        var revoked = keys.revoke(call.org(), uid).orElseThrow(() -> Refusal.notFound("unknown API key `" + uid + "`"));
        call.note(AuditNote.of(uid, revoked.name()));
        return Answer.json(json(revoked));
    }

    private static Json.Obj json(ApiKey key) {
        return Json.object()
                .put("uid", key.uid())
                .put("name", key.name())
                .put("principal", key.principal())
                .put("role", key.role().toString())
                .put("valid_from", Wire.time(key.validity().from()))
                .put("valid_to", Wire.time(key.validity().to()))
                .put("revoked", key.revoked())
                .build();
    }
}
