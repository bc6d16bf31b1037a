package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Agents;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Registration;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.util.List;

/** Agent registrations: how new agents get in. */
final class RegistrationEndpoints {
    private static final String PATH = Wire.ORG + "/agent_registration";
    private static final int SHOWN_ATTEMPTS = 200;

    private final Agents agents;

    RegistrationEndpoints(Agents agents) {
        this.agents = agents;
    }

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_REGISTRATION);
        var write = Access.key(Permission.MANAGE_REGISTRATION);
        String one = PATH + "/{uid}";
        return List.of(
                Endpoint.get(PATH, read, "Lists agent registrations.", this::list),
                Endpoint.post(
                        PATH,
                        write,
                        "agent_registration.create",
                        "Makes an agent registration; shows its code once.",
                        this::create),
                Endpoint.get(one, read, "Shows one agent registration.", call -> Answer.json(json(registration(call)))),
                Endpoint.put(
                        one,
                        write,
                        "agent_registration.update",
                        "Changes or revokes an agent registration.",
                        this::update),
                Endpoint.get(
                        one + "/download_link", write, "Says where an agent reaches this server.", this::downloadLink),
                Endpoint.get(one + "/log", read, "Shows recent registrations and failures.", this::log));
    }

    private Answer list(Call call) {
        return Answer.json(Wire.array(agents.registrations(call.org()).stream()
                .map(RegistrationEndpoints::json)
                .toList()));
    }

    private Answer create(Call call) {
        var body = call.jsonObject();
        String name = Wire.requiredName(body);
        var created = agents.createRegistration(new Agents.NewRegistration(
                call.org(),
                name,
                body.text("description"),
                body.object("config"),
                call.key().principal(),
                new Validity(call.now(), Wire.end(body, "valid_to"))));
        call.note(AuditNote.of(created.registration().uid(), name));
        return Answer.json(Json.object()
                .put("uid", created.registration().uid())
                .put("code", created.code())
                .build());
    }

    private Registration registration(Call call) {
        String uid = call.param("uid");
        return agents.registration(call.org(), uid)
                .orElseThrow(() -> Refusal.notFound("unknown agent registration `" + uid + "`"));
    }

    private Answer update(Call call) {
        var before = registration(call);
        var body = call.jsonObject();
        var end = body.get("valid_to").isPresent()
                ? Wire.end(body, "valid_to")
                : before.validity().to();
        var after = new Registration(
                before.orgUid(),
                before.uid(),
                body.string("name").orElse(before.name()),
                body.string("description").orElse(before.description()),
                body.get("config").isPresent() ? body.object("config") : before.config(),
                before.createdBy(),
                new Validity(before.validity().from(), end),
                body.bool("revoked").orElse(before.revoked()));
        agents.updateRegistration(after);
        call.note(AuditNote.of(after.uid(), after.name()).withChange(JsonPatch.between(json(before), json(after))));
        return Answer.json(json(after));
    }

    private Answer downloadLink(Call call) {
        var registration = registration(call);
        String host = call.header("Host").orElse("localhost");
        return Answer.json(Json.object()
                .put("agent_registration_uid", registration.uid())
                .put("orc_host", host)
                .put("orc_url", "//" + host + Wire.ROOT + "/agent/register")
                .put("url", "//" + host + Wire.ROOT + "/agent/register")
                .build());
    }

    private Answer log(Call call) {
        return Answer.json(
                Wire.array(agents.attempts(call.org(), registration(call).uid(), SHOWN_ATTEMPTS)));
    }

    private static Json.Obj json(Registration registration) {
        return Json.object()
                .put("uid", registration.uid())
                .put("name", registration.name())
                .put("description", registration.description())
                .put("config", registration.config())
                .put("created_by", registration.createdBy())
                .put("revoked", registration.revoked())
                .put("valid_from", Wire.time(registration.validity().from()))
                .put("valid_to", Wire.time(registration.validity().to()))
                .build();
    }
}
