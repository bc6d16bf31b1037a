package io.guardian.checks.install;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Kubernetes objects, as a chart or a file has them. */
record Manifests(List<Manifest> all) {
    private static final Set<String> WORKLOADS = Set.of("DaemonSet", "Deployment", "StatefulSet");

    Manifests {
        all = List.copyOf(all);
    }

    /** One object. */
    record Manifest(JsonObject json) {
        String kind() {
            return json.get("kind").getAsString();
        }

        String name() {
            return json.getAsJsonObject("metadata").get("name").getAsString();
        }

        /** Empty for an object of the whole cluster. */
        String namespace() {
            var namespace = json.getAsJsonObject("metadata").get("namespace");
            return namespace == null ? "" : namespace.getAsString();
        }

        String component() {
            return at("metadata.labels")
                    .getAsJsonObject()
                    .get("app.kubernetes.io/component")
                    .getAsString();
        }

        /** What is at a path of fields; the test fails if there is nothing. */
        JsonElement at(String path) {
            JsonElement found = json;
            for (String field : path.split("\\.", -1)) {
                found = found.getAsJsonObject().get(field);
                if (found == null) {
                    throw new AssertionError(this + " has no `" + path + "`");
                }
            }
            return found;
        }

        JsonObject podSpec() {
            return at("spec.template.spec").getAsJsonObject();
        }

        @Override
        public String toString() {
            return kind() + " " + name();
        }
    }

    /** A container and the workload that it is of. */
    record Container(Manifest workload, JsonObject json) {
        List<String> args() {
            return texts(json.getAsJsonArray("args"));
        }

        @Override
        public String toString() {
            return workload + ", container " + json.get("name").getAsString();
        }
    }

    static Manifests parse(String yaml) {
        var gson = new Gson();
        List<Manifest> all = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            if (document != null) {
                all.add(new Manifest(gson.toJsonTree(document).getAsJsonObject()));
            }
        }
        return new Manifests(all);
    }

    List<Manifest> kind(String kind) {
        return all.stream().filter(manifest -> manifest.kind().equals(kind)).toList();
    }

    /** The only object of its kind that belongs to a component. */
    Manifest one(String kind, String component) {
        var found = kind(kind).stream()
                .filter(manifest -> manifest.component().equals(component))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("not one " + kind + " of " + component + " but " + found);
        }
        return found.getFirst();
    }

    List<Manifest> workloads() {
        return all.stream()
                .filter(manifest -> WORKLOADS.contains(manifest.kind()))
                .toList();
    }

    List<Container> containers() {
        return workloads().stream()
                .flatMap(workload -> Stream.of("initContainers", "containers")
                        .flatMap(field -> objects(workload.podSpec().getAsJsonArray(field))
                                .map(json -> new Container(workload, json))))
                .toList();
    }

    /** Every rule of every role, cluster-wide and not. */
    List<JsonObject> rules() {
        return Stream.of("Role", "ClusterRole")
                .flatMap(kind -> kind(kind).stream())
                .flatMap(role -> objects(role.json().getAsJsonArray("rules")))
                .toList();
    }

    /** The objects of an array that may be absent. */
    static Stream<JsonObject> objects(@org.jspecify.annotations.Nullable JsonArray array) {
        return array == null ? Stream.of() : array.asList().stream().map(JsonElement::getAsJsonObject);
    }

    /** The texts of an array that may be absent. */
    static List<String> texts(@org.jspecify.annotations.Nullable JsonArray array) {
        return array == null
                ? List.of()
                : array.asList().stream().map(JsonElement::getAsString).toList();
    }
}
