package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Organisation;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Source;
import io.guardian.core.text.Json;
import java.util.List;

/** Organisations, and who the caller is. A key belongs to one organisation, so lists have one entry. */
final class OrganisationEndpoints {
    private final MetaStore meta;

    OrganisationEndpoints(MetaStore meta) {
        this.meta = meta;
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.get(
                        Wire.ROOT + "/org",
                        Access.key(Permission.READ_ORG),
                        "Lists the organisations that the key may see.",
                        this::list),
                Endpoint.get(
                        Wire.ORG,
                        Access.key(Permission.READ_ORG),
                        "Shows one organisation.",
                        call -> Answer.json(json(own(call)))),
                Endpoint.put(
                        Wire.ORG,
                        Access.key(Permission.UPDATE_ORG),
                        "org.update",
                        "Renames an organisation, or changes its owner and tags.",
                        this::update),
                Endpoint.get(
                        Wire.ROOT + "/whoami", Access.ANY_KEY, "Says whose key it is.", OrganisationEndpoints::whoAmI));
    }

    private Organisation own(Call call) {
        return meta.organisations()
                .get(call.org())
                .orElseThrow(() -> new IllegalStateException("the organisation of a key is gone"));
    }

    private Answer list(Call call) {
        var organisation = own(call);
        var query = call.query();
        boolean wanted = query.text("name_contains")
                        .map(part -> Wire.contains(organisation.name(), part))
                        .orElse(true)
                && query.text("uid_equals").map(organisation.uid()::equals).orElse(true)
                && organisation.tags().containsAll(query.all("has_tags"));
        var found = wanted ? List.of(json(organisation)) : List.<Json.Obj>of();
        return Answer.json(Wire.array(Paging.onlyWhenAsked(found, query)));
    }

    private Answer update(Call call) {
        var body = call.jsonObject();
        var before = own(call);
        var tags = body.get("tags").isPresent() ? Wire.tags(body) : before.tags();
        var after = meta.organisations()
                .update(call.org(), Wire.requiredName(body), Wire.required(body, "owner_email"), tags)
                .orElseThrow();
        call.note(AuditNote.of(after.uid(), after.name()).withChange(JsonPatch.between(json(before), json(after))));
        return Answer.json(json(after));
    }

    private Json.Obj json(Organisation organisation) {
        var sources = meta.sources().list(organisation.uid()).stream()
                .filter(source -> !source.archived())
                .toList();
        return Json.object()
                .put("uid", organisation.uid())
                .put("name", organisation.name())
                .put("owner_email", organisation.ownerEmail())
                .put("owner_uid", organisation.ownerEmail())
                .put("org_type_uid", "self-hosted")
                .put("tags", Json.strings(organisation.tags()))
                .put(
                        "active_sources",
                        sources.stream().filter(OrganisationEndpoints::hasData).count())
                .put("total_sources", sources.size())
                .put("valid_from", Wire.time(organisation.validity().from()))
                .put("valid_to", Wire.time(organisation.validity().to()))
                .put("resource_name", "srn:org::" + organisation.uid())
                .build();
    }

    private static boolean hasData(Source source) {
        return !source.lastData().equals(io.guardian.backend.meta.Validity.OPEN);
    }

    private static Answer whoAmI(Call call) {
        var key = call.key();
        return Answer.json(Json.object()
                .put("principal", key.principal())
                .put("roles", Json.strings(List.of(key.role().toString())))
                .put("orgs", Json.strings(List.of(key.orgUid())))
                .put(
                        "key",
                        Json.object()
                                .put("uid", key.uid())
                                .put("name", key.name())
                                .put("valid_to", Wire.time(key.validity().to()))
                                .build())
                .build());
    }
}
