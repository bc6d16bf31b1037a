package io.guardian.cli.get;

import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Names;
import io.guardian.cli.session.Session;
import io.guardian.core.schema.SearchSchemas;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Turns context filters into tests on the fields a schema has for them. */
final class ContextQuery {
    private ContextQuery() {}

    static List<String> of(Session session, String schema) throws UsageException {
        var fields = SearchSchemas.byId(schema).orElseThrow().fields().keySet();
        var clauses = new ArrayList<String>();
        for (var entry : ContextFilters.of(session).entrySet()) {
            String clause = clause(session, schema, fields, entry.getKey(), entry.getValue());
            if (clause.isEmpty()) {
                session.talk().say("Note: " + entry.getKey().option() + " has no counterpart here and is ignored");
            } else {
                clauses.add(clause);
            }
        }
        return clauses;
    }

    private static String clause(
            Session session, String schema, Set<String> fields, ContextFilters filter, List<String> values)
            throws UsageException {
        return switch (filter) {
            case CLUSTER -> cluster(session, fields, values);
            case MACHINES ->
                fields.contains("muid") || schema.equals("model_machine")
                        ? QueryText.oneOf(schema.equals("model_machine") ? "id" : "muid", machines(session, values))
                        : "";
            case NAMESPACE -> {
                var own = first(fields, "metadata.namespace", "pod_namespace", "namespace");
                boolean joined = own.isEmpty() && fields.contains("container_uid");
                yield own.isEmpty() && !joined ? "" : QueryText.oneOf(joined ? "container.pod_namespace" : own, values);
            }
            case POD -> test(first(fields, "pod_name", "pod_uid"), values);
            case IMAGE -> test(containerField(fields, "image"), values);
            case IMAGE_ID -> test(containerField(fields, "image_id"), values);
            case CONTAINER_NAME -> test(containerField(fields, "container_name"), values);
            case CONTAINER_ID -> test(first(fields, "container_id", "container_uid"), values);
            case CGROUP -> test(first(fields, "cgroup", "trigger_cgroup"), values);
        };
    }

    private static String test(String field, List<String> values) {
        return field.isEmpty() ? "" : QueryText.oneOf(field, values);
    }

    private static String containerField(Set<String> fields, String field) {
        return fields.contains(field) ? field : fields.contains("container_uid") ? "container." + field : "";
    }

    private static String first(Set<String> fields, String... candidates) {
        return Stream.of(candidates).filter(fields::contains).findFirst().orElse("");
    }

    private static String cluster(Session session, Set<String> fields, List<String> values) throws UsageException {
        String name = first(fields, "cluster_name", "clustername");
        if (fields.contains("cluster_uid")) {
            return QueryText.oneOf("cluster_uid", uids(Clusters.NAMES, Clusters.all(session), values));
        }
        return name.isEmpty() ? "" : QueryText.oneOf(name, values);
    }

    static List<String> machines(Session session, List<String> values) throws UsageException {
        boolean allUids = values.stream().allMatch(value -> value.startsWith("mach:"));
        return allUids ? values : uids(Sources.NAMES, Sources.all(session), values);
    }

    static List<String> clusters(Session session, List<String> values) throws UsageException {
        boolean allUids = values.stream().allMatch(value -> value.startsWith("clus:"));
        return allUids ? values : uids(Clusters.NAMES, Clusters.all(session), values);
    }

    /** Uids of what the texts name; a text that names nothing stays, and will match nothing. */
    private static List<String> uids(Names<Json.Obj> names, List<Json.Obj> known, List<String> texts) {
        return texts.stream()
                .flatMap(text -> {
                    var found = names.all(known, text, Names.Reach.GLOBS);
                    return found.isEmpty() ? Stream.of(text) : found.stream().map(names.uid());
                })
                .distinct()
                .toList();
    }
}
