package io.guardian.core.document;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A patch that, merged into its policy, makes an observed behaviour allowed.
 *
 * @param scopes of a container under a cluster policy, else empty
 * @param rules of a container under a cluster policy, else empty
 * @param matches per target the patterns that decided; empty for workloads
 */
public record Deviation(
        Type type,
        String policyUid,
        String uid,
        String checksum,
        Map<Scope, Subject.Facts> scopes,
        List<Patch> processes,
        List<NetworkEntry> egress,
        List<NetworkEntry> ingress,
        List<Rule> rules,
        Map<String, List<String>> matches)
        implements Resource {
    /** Stands in {@code matches} for the absence of any rule. */
    public static final String DEFAULT_DENY = "__DEFAULT_DENY__";

    public Deviation {
        scopes = Collections.unmodifiableMap(new LinkedHashMap<>(scopes));
        processes = List.copyOf(processes);
        egress = List.copyOf(egress);
        ingress = List.copyOf(ingress);
        rules = List.copyOf(rules);
        matches = Collections.unmodifiableMap(new LinkedHashMap<>(matches));
    }

    /** A deviation of a workload. */
    public static Deviation ofWorkload(
            Type type,
            String policyUid,
            String uid,
            String checksum,
            List<Patch> processes,
            List<NetworkEntry> egress,
            List<NetworkEntry> ingress) {
        return new Deviation(type, policyUid, uid, checksum, Map.of(), processes, egress, ingress, List.of(), Map.of());
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

    /** New process nodes and where they belong. */
    public sealed interface Patch {
        /** A process that should have been a root. */
        record Root(ProcessNode node) implements Patch {}

        /**
         * Nodes below a node of the policy.
         *
         * @param id of a node of the policy
         * @param children empty when the node is only referred to
         */
        record PolicyNode(String id, List<ProcessNode> children) implements Patch {
            public PolicyNode {
                children = List.copyOf(children);
            }
        }

        /** The new nodes, parents before children. */
        default Stream<ProcessNode> nodes() {
            return switch (this) {
                case Root(var node) -> node.subtree();
                case PolicyNode(var _, var children) -> children.stream().flatMap(ProcessNode::subtree);
            };
        }
    }

    public List<NetworkEntry> entries(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
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
        return DeviationWriter.write(this);
    }
}
