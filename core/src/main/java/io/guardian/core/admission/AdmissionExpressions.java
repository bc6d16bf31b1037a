package io.guardian.core.admission;

import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The variables of an admission policy, in the order in which they may use each other; the last, {@code refused}, lists
 * the containers that are not allowed.
 *
 * <p>CEL has no loops but macros and no local names but these variables, so the normal form of an image's name is made
 * in steps, each of them a list of one map per container.
 */
final class AdmissionExpressions {
    static final String REFUSED = "refused";

    private final Map<String, String> variables = new LinkedHashMap<>();
    /** Names of the variables of equal conditions. */
    private final Map<String, String> scopes = new LinkedHashMap<>();

    private AdmissionExpressions() {}

    /** @param rules those that count, by target */
    static Map<String, String> of(Map<Target, List<ExpressedRule>> rules) {
        var making = new AdmissionExpressions();
        making.images();
        making.labels();
        var allowed = new ArrayList<String>();
        rules.forEach((target, ofTarget) -> allowed.add(making.allowed(target, ofTarget)));
        making.variables.put(REFUSED, "variables.images.filter(c, !(" + CelPatterns.allOf(allowed) + "))");
        return making.variables;
    }

    /** Containers whose image is new, and the names of their images in full. */
    private void images() {
        variables.put("containers", containers("object"));
        variables.put("before", "request.operation == \"UPDATE\" ? " + containers("oldObject") + " : []");
        variables.put(
                "judged",
                "variables.containers.filter(c, !variables.before.exists(b, b.name == c.name && b.image == c.image))");
        variables.put(
                "split",
                "variables.judged.map(c, {\"name\": c.name, \"image\": c.image, \"first\": c.image.contains(\"/\") ?"
                        + " c.image.substring(0, c.image.indexOf(\"/\")) : \"\"})");
        variables.put(
                "rooted",
                "variables.split.map(c, {\"name\": c.name, \"image\": c.image, \"domain\": c.first == \"localhost\" ||"
                        + " c.first.contains(\".\") || c.first.contains(\":\") || c.first.lowerAscii() != c.first ?"
                        + " c.first : \"\"})");
        variables.put(
                "named",
                "variables.rooted.map(c, {\"name\": c.name, \"domain\": c.domain in [\"\", \"index.docker.io\"] ?"
                        + " \"docker.io\" : c.domain, \"path\": c.domain == \"\" ? c.image :"
                        + " c.image.substring(size(c.domain) + 1)})");
        variables.put(
                "paths",
                "variables.named.map(c, {\"name\": c.name, \"image\": c.domain + (c.domain == \"docker.io\" &&"
                        + " !c.path.contains(\"/\") ? \"/library/\" : \"/\") + c.path, \"last\":"
                        + " c.path.substring(c.path.lastIndexOf(\"/\") + 1)})");
        variables.put(
                "images",
                "variables.paths.map(c, {\"name\": c.name, \"image\": c.image + (c.last.contains(\":\") ||"
                        + " c.last.contains(\"@\") ? \"\" : \":latest\")})");
    }

    private static String containers(String pod) {
        return "(" + listed(pod, "containers") + " + " + optional(pod, "initContainers") + " + "
                + optional(pod, "ephemeralContainers") + ")";
    }

    private static String listed(String pod, String field) {
        return pod + ".spec." + field + ".map(c, {\"name\": c.name, \"image\": has(c.image) ? c.image : \"\"})";
    }

    private static String optional(String pod, String field) {
        return "(has(" + pod + ".spec." + field + ") ? " + listed(pod, field) + " : [])";
    }

    private void labels() {
        variables.put("podLabels", labels("object"));
        variables.put("namespaceLabels", labels("namespaceObject"));
    }

    private static String labels(String object) {
        return "has(" + object + ".metadata.labels) ? " + object + ".metadata.labels : {}";
    }

    /** Weakest first: each stronger kind of rule has its say before all that came earlier. */
    private String allowed(Target target, List<ExpressedRule> rules) {
        String value = target == Target.CONTAINER_NAME ? "c.name" : "c.image";
        String allowed = CelPatterns.NEVER;
        for (boolean scoped : new boolean[] {false, true}) {
            for (boolean exact : new boolean[] {false, true}) {
                String allow = matching(rules, Verb.ALLOW, scoped, exact, value);
                if (!allow.equals(CelPatterns.NEVER)) {
                    allowed = allowed.equals(CelPatterns.NEVER) ? allow : "(" + allow + " || " + allowed + ")";
                }
                String deny = matching(rules, Verb.DENY, scoped, exact, value);
                if (!deny.equals(CelPatterns.NEVER) && !allowed.equals(CelPatterns.NEVER)) {
                    allowed = "(!(" + deny + ") && " + allowed + ")";
                }
            }
        }
        return allowed;
    }

    /** Whether any rule of one kind matches the container. */
    private String matching(List<ExpressedRule> rules, Verb verb, boolean scoped, boolean exact, String value) {
        var parts = new ArrayList<String>();
        for (var rule : rules) {
            if (rule.ref().rule().verb() != verb || rule.isScoped() != scoped) {
                continue;
            }
            String values = CelPatterns.anyMatches(value, rule.values(exact));
            if (values.equals(CelPatterns.NEVER)) {
                continue;
            }
            var conditions = new ArrayList<String>();
            if (!rule.pod().isEmpty()) {
                conditions.add("variables." + scope(CelPatterns.allOf(rule.pod())));
            }
            conditions.addAll(rule.container());
            if (!values.equals(CelPatterns.ALWAYS) || conditions.isEmpty()) {
                conditions.add(values);
            }
            parts.add(CelPatterns.allOf(conditions));
        }
        return CelPatterns.anyOf(parts);
    }

    private String scope(String condition) {
        return scopes.computeIfAbsent(condition, _ -> {
            String name = "scope" + (scopes.size() + 1);
            variables.put(name, condition);
            return name;
        });
    }
}
