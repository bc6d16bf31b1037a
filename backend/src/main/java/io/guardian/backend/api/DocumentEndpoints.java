package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Permission;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Kind;
import io.guardian.core.document.PolicyEdits;
import io.guardian.core.document.Resource;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.fingerprint.CreatePolicy;
import io.guardian.core.fingerprint.Diff;
import io.guardian.core.policy.BehaviourJson;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.Switches;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.core.text.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Services on documents that store nothing: what the command line does by itself, for other clients. */
final class DocumentEndpoints {
    private static final String PATH = Wire.ORG + "/spyctl";
    private static final int MAX_OBJECTS = 10_000;

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_POLICY);
        return List.of(
                Endpoint.ask(PATH + "/validate", read, "Says what is wrong with a document.", this::validate),
                Endpoint.ask(
                        PATH + "/guardianpolicy/build",
                        read,
                        "Makes a policy of fingerprints and policies.",
                        this::build),
                Endpoint.ask(PATH + "/merge", read, "Merges documents into a workload policy.", this::merge),
                Endpoint.ask(PATH + "/diff", read, "Shows what documents would add to a workload policy.", this::diff));
    }

    private Answer validate(Call call) {
        var errors =
                Documents.parse(Checked.object(call.jsonObject(), "object")).errors();
        var message = String.join("; ", errors.stream().map(Problem::headline).toList());
        var list = errors.stream()
                .map(problem -> Json.object()
                        .put("path", problem.path())
                        .put("msg", problem.message())
                        .putUnlessEmpty("help", problem.help())
                        .build())
                .toList();
        return Answer.json(Json.object()
                .put("invalid_message", message)
                .put("errors", Wire.array(list))
                .build());
    }

    private Answer build(Call call) {
        var body = call.jsonObject();
        String mode = body.text("mode");
        var options = new CreatePolicy.Options(
                body.text("name"),
                PolicyMode.parse(mode.isEmpty() ? "audit" : mode)
                        .orElseThrow(() -> Refusal.badRequest("unknown mode `" + mode + "`, use audit or enforce")),
                Switches.NONE,
                false);
        return switch (PolicyEdits.create(resources(body, "input_objects"), options)) {
            case PolicyEdits.Creation.Refused(String reason) -> throw Refusal.badRequest(reason);
            case PolicyEdits.Creation.Created(WorkloadDocument policy, List<String> notices) ->
                Answer.json(Json.object()
                        .put("policy", policy.toJson())
                        .put("notices", Json.strings(notices))
                        .build());
        };
    }

    private Answer merge(Call call) {
        var merged = merged(call.jsonObject(), "merge_objects");
        return Answer.json(Json.object()
                .put("merged_object", merged.document())
                .put("changed", merged.changed())
                .put("notices", Json.strings(merged.notices()))
                .build());
    }

    private Answer diff(Call call) {
        var body = call.jsonObject();
        var changes = changes(merged(body, "diff_objects").diff());
        Json data = body.text("content_type").equals("json")
                ? Wire.array(changes)
                : Json.of(String.join(
                        "\n",
                        changes.stream()
                                .map(change -> change.text("change") + " " + change.text("path") + " "
                                        + change.object("value").toText())
                                .toList()));
        return Answer.json(Json.object()
                .put("diff_data", data)
                .put("irrelevant", Json.Obj.EMPTY)
                .build());
    }

    private static PolicyEdits.Merged merged(Json.Obj body, String key) {
        var target = Checked.document(Checked.object(body, "object"), Kind.POLICY);
        if (!(target.resource() instanceof WorkloadDocument policy)) {
            throw Refusal.badRequest("`object` is not a container or linux-service policy");
        }
        return PolicyEdits.merge(target.source(), policy, resources(body, key), false);
    }

    private static List<Json.Obj> changes(Diff diff) {
        var changes = new ArrayList<Json.Obj>();
        for (var node : diff.nodes()) {
            changes.add(change(
                    node.mark().toString(),
                    "spec.processPolicy " + String.join(" > ", node.path()),
                    BehaviourJson.node(node.node())));
        }
        for (var entry : diff.entries()) {
            changes.add(change(
                    entry.mark().toString(),
                    "spec.networkPolicy." + entry.direction().toString().toLowerCase(Locale.ROOT),
                    BehaviourJson.entry(entry.direction(), entry.entry())));
        }
        return changes;
    }

    private static Json.Obj change(String mark, String path, Json value) {
        return Json.object()
                .put("change", mark)
                .put("path", path)
                .put("value", value)
                .build();
    }

    /** Objects may be JSON in strings; all problems of all of them come together. */
    private static List<Resource> resources(Json.Obj body, String key) {
        var items = body.array(key).items();
        if (items.isEmpty() || items.size() > MAX_OBJECTS) {
            throw Refusal.badRequest("`" + key + "` must be a list of 1 to " + MAX_OBJECTS + " documents");
        }
        var resources = new ArrayList<Resource>();
        var errors = new ArrayList<Problem>();
        for (var item : items) {
            var parsed = Documents.parse(object(key, item));
            errors.addAll(parsed.errors());
            parsed.documents().stream().map(Document::resource).forEach(resources::add);
        }
        if (!errors.isEmpty()) {
            throw Checked.invalid(errors);
        }
        return resources;
    }

    private static Json.Obj object(String key, Json item) {
        try {
            if (item instanceof Json.Obj object) {
                return object;
            }
            if (item instanceof Json.Str(var text)) {
                return JsonReader.readObject(text);
            }
        } catch (JsonSyntaxException bad) {
            throw Refusal.badRequest("`" + key + "` holds text that is not JSON: " + bad.getMessage());
        }
        throw Refusal.badRequest("`" + key + "` holds something that is no document");
    }
}
