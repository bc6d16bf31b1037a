package io.guardian.core.document;

import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One rule of a ruleset.
 *
 * @param values may be empty; globs allowed
 */
public record Rule(Selectors selectors, Target target, Verb verb, List<String> values) {
    public Rule {
        values = List.copyOf(values);
    }

    /** What a rule looks at. */
    public enum Target {
        CONTAINER_IMAGE("container::image", Scope.CONTAINER),
        CONTAINER_IMAGE_ID("container::imageID", Scope.CONTAINER),
        CONTAINER_NAME("container::containerName", Scope.CONTAINER),
        CONTAINER_ID("container::containerID", Scope.CONTAINER),
        PROCESS_NAME("process::name", Scope.PROCESS),
        PROCESS_EXE("process::exe", Scope.PROCESS),
        PROCESS_EUSER("process::euser", Scope.PROCESS);

        private final String text;
        private final Scope scope;

        Target(String text, Scope scope) {
            this.text = text;
            this.scope = scope;
        }

        /** Container or process. */
        public Scope scope() {
            return scope;
        }

        /** The field of the scope that the rule's values are compared with. */
        public String field() {
            return text.substring(text.lastIndexOf(':') + 1);
        }

        public static Optional<Target> parse(String text) {
            return Arrays.stream(values())
                    .filter(target -> target.text.equals(text))
                    .findFirst();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public enum Verb {
        ALLOW,
        DENY;

        public static Optional<Verb> parse(String text) {
            return switch (text) {
                case "allow" -> Optional.of(ALLOW);
                case "deny" -> Optional.of(DENY);
                default -> Optional.empty();
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Selectors, verb, target, values: the order of rules that we generate. */
    public Json.Obj toJson() {
        var out = Json.object();
        SelectorsJson.fields(selectors).forEach(out::put);
        return out.put("verb", verb.toString())
                .put("target", target.toString())
                .put("values", Json.strings(values))
                .build();
    }
}
