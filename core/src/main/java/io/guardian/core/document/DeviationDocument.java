package io.guardian.core.document;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Patch;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A deviation as a document: a patch that, merged into its policy, makes an observed behaviour allowed.
 *
 * @param patch of a workload; empty for a container under a cluster policy
 * @param scopes of a container under a cluster policy, else empty
 * @param rules of a container under a cluster policy, else empty
 * @param matches per target the patterns that decided; empty for workloads
 */
public record DeviationDocument(
        Type type,
        String policyUid,
        String uid,
        String checksum,
        Map<Scope, Subject.Facts> scopes,
        Patch patch,
        List<Rule> rules,
        Map<String, List<String>> matches)
        implements Resource {
    /** Stands in {@code matches} for the absence of any rule. */
    public static final String DEFAULT_DENY = "__DEFAULT_DENY__";

    public DeviationDocument {
        scopes = Collections.unmodifiableMap(new LinkedHashMap<>(scopes));
        rules = List.copyOf(rules);
        matches = Collections.unmodifiableMap(new LinkedHashMap<>(matches));
    }

    /** A deviation of a workload. */
    public static DeviationDocument ofWorkload(Type type, String policyUid, String uid, String checksum, Patch patch) {
        return new DeviationDocument(type, policyUid, uid, checksum, Map.of(), patch, List.of(), Map.of());
    }

    public DeviationDocument withUid(String newUid) {
        return new DeviationDocument(type, policyUid, newUid, checksum, scopes, patch, rules, matches);
    }

    /** {@code metadata.type}. */
    public enum Type {
        PROCESS("process"),
        INGRESS("ingress"),
        EGRESS("egress"),
        CLUSTER("cluster");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        public static Type of(Direction direction) {
            return switch (direction) {
                case INGRESS -> INGRESS;
                case EGRESS -> EGRESS;
            };
        }

        public static Optional<Type> parse(String text) {
            return Arrays.stream(values())
                    .filter(type -> type.text.equals(text))
                    .findFirst();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The deviating object as selectors see it; a scope that is not given is one it lacks. */
    public Subject subject() {
        return scope -> scopes.getOrDefault(scope, Subject.Facts.ABSENT);
    }

    @Override
    public Kind kind() {
        return Kind.DEVIATION;
    }

    @Override
    public String name() {
        return "";
    }

    public Json.Obj toJson() {
        return DeviationJson.write(this);
    }
}
