package io.guardian.checks.install;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Holds an object against the Kubernetes API's OpenAPI document, from which the models of the official Java client are
 * generated: every field must be known at its place, every required one present, every value of the right type.
 */
final class KubernetesSchema {
    private static final String MODELS = "io.kubernetes.client.openapi.models.V1";

    /** Kinds of these groups are told apart by their name alone. */
    private static final Set<String> GROUPS =
            Set.of("v1", "apps/v1", "networking.k8s.io/v1", "policy/v1", "rbac.authorization.k8s.io/v1");

    static {
        // Makes the readers that the models use.
        new JSON();
    }

    private KubernetesSchema() {}

    /** What is wrong with the object; empty if nothing is. */
    static Optional<String> problem(Manifests.Manifest manifest) {
        String version = manifest.json().get("apiVersion").getAsString();
        if (!GROUPS.contains(version)) {
            return Optional.of("api version `" + version + "` is not one that is used here");
        }
        try {
            var model = Class.forName(MODELS + manifest.kind());
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, manifest.json());
            Object read = JSON.deserialize(manifest.json().toString(), model);
            return retyped(manifest.json(), JsonParser.parseString(JSON.serialize(read)), "");
        } catch (ClassNotFoundException unknown) {
            return Optional.of("kind `" + manifest.kind() + "` is unknown");
        } catch (InvocationTargetException refused) {
            return Optional.of(String.valueOf(refused.getTargetException().getMessage()));
        } catch (JsonParseException | IllegalArgumentException mistyped) {
            return Optional.of(String.valueOf(mistyped.getMessage()));
        } catch (ReflectiveOperationException noCheck) {
            throw new IllegalStateException(noCheck);
        }
    }

    /** The first value that reads as one of another type; amounts such as {@code cpu: 1} may be numbers or texts. */
    private static Optional<String> retyped(JsonElement given, JsonElement read, String path) {
        if (given.isJsonObject() && read.isJsonObject()) {
            return given.getAsJsonObject().entrySet().stream()
                    .filter(field -> read.getAsJsonObject().has(field.getKey()))
                    .map(field -> retyped(
                            field.getValue(), read.getAsJsonObject().get(field.getKey()), path + "." + field.getKey()))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (given.isJsonArray() && read.isJsonArray()) {
            var items = read.getAsJsonArray();
            return IntStream.range(0, Math.min(given.getAsJsonArray().size(), items.size()))
                    .mapToObj(i -> retyped(given.getAsJsonArray().get(i), items.get(i), path + "[" + i + "]"))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        boolean same = given.isJsonPrimitive()
                && read.isJsonPrimitive()
                && given.getAsJsonPrimitive().isString()
                        == read.getAsJsonPrimitive().isString()
                && given.getAsJsonPrimitive().isBoolean()
                        == read.getAsJsonPrimitive().isBoolean();
        return same || path.contains(".resources.") || given.isJsonNull()
                ? Optional.empty()
                : Optional.of("`" + given + "` at `" + path + "` reads as `" + read + "`");
    }
}
