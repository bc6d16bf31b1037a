package io.guardian.core.admission;

import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Hashes;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Ruleset;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.ruleset.RuleRef;
import io.guardian.core.ruleset.RulesetNotices;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster policy as a ValidatingAdmissionPolicy of {@code admissionregistration.k8s.io/v1} and its binding: the API
 * server then refuses, or in audit mode warns of, pods with images that the rules don't allow, before anything runs.
 *
 * <p>It judges containers, init containers and ephemeral containers of pods when they are made and when an image of
 * theirs changes. It refuses nothing that the policy would allow: a part that is not known at admission counts as
 * fulfilled in an allow rule, and a deny rule with such a part is left out.
 *
 * @param policy the ValidatingAdmissionPolicy
 * @param binding puts it to work: refusing in enforce mode, warning and recording in audit mode
 * @param notes what it can't express, and where it differs; one line each
 */
public record AdmissionPolicy(Json.Obj policy, Json.Obj binding, List<String> notes) {
    private static final String API_VERSION = "admissionregistration.k8s.io/v1";
    private static final int LONGEST_NAME = 200;
    private static final int MANY_CHARS = 500_000;

    public AdmissionPolicy {
        notes = List.copyOf(notes);
    }

    /** @return empty when no rule is of the image or the name of containers */
    public static Optional<AdmissionPolicy> of(ClusterPolicy policy, Collection<Ruleset> rulesets) {
        var cluster = cluster(policy);
        var rules = new EnumMap<Target, List<ExpressedRule>>(Target.class);
        var notes = new ArrayList<String>();
        for (var ruleset : rulesets) {
            int number = 1;
            for (var rule : ruleset.rules()) {
                var ref = new RuleRef(ruleset.name(), number++, rule);
                switch (rule.target()) {
                    case CONTAINER_IMAGE, CONTAINER_NAME -> {
                        var expressed = ExpressedRule.of(ref, cluster);
                        note(expressed, notes);
                        var ofTarget = rules.computeIfAbsent(rule.target(), _ -> new ArrayList<>());
                        if (expressed.counts()) {
                            ofTarget.add(expressed);
                        }
                    }
                    case CONTAINER_IMAGE_ID, CONTAINER_ID ->
                        notes.add(ref + ": target `" + rule.target() + "` is not known at admission; the rule is left"
                                + " out");
                    case PROCESS_NAME, PROCESS_EXE, PROCESS_EUSER ->
                        notes.add(
                                ref + ": target `" + rule.target() + "` is not about containers; the rule is left out");
                }
            }
        }
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        var variables = AdmissionExpressions.of(rules);
        notes.addAll(general(policy, rulesets, cluster, variables));
        String name = name(policy.name());
        return Optional.of(new AdmissionPolicy(policy(name, policy, variables), binding(name, policy.mode()), notes));
    }

    /** The one cluster that the policy names, if it does. */
    private static Optional<String> cluster(ClusterPolicy policy) {
        return policy.selectors().of(Scope.CLUSTER).stream()
                .filter(term -> term.key().equals("name") && isOneName(term))
                .map(term -> term.values().getFirst())
                .findFirst();
    }

    private static boolean isOneName(Term term) {
        return term.operator() == Operator.IN
                && term.values().size() == 1
                && Glob.isExact(term.values().getFirst());
    }

    private static void note(ExpressedRule rule, List<String> notes) {
        for (String missing : rule.missing().stream().sorted().toList()) {
            String taken = rule.counts() ? "the rule is taken as if it held" : "the rule is left out";
            notes.add(rule.ref() + ": " + missing + " is not known at admission; " + taken);
        }
    }

    private static List<String> general(
            ClusterPolicy policy,
            Collection<Ruleset> rulesets,
            Optional<String> cluster,
            Map<String, String> variables) {
        var notes = new ArrayList<String>();
        notes.add(cluster.map(name -> "it is for cluster `" + name + "`; an API server does not know its own name, so"
                        + " apply it there and nowhere else")
                .orElse(
                        "the policy is for several clusters, or for patterns of their names; the export holds wherever it is"
                                + " applied"));
        notes.add("images are compared by the names that pods give, made full as Docker does; a tag that moves, and the"
                + " digest that is pulled in the end, are not seen");
        notes.add("pods that run already, and images that an update leaves as they are, are not judged; neither are"
                + " containers outside pods, nor static pods, which a kubelet starts without asking");
        notes.add(
                "response actions, deviations and their log are not part of it; the policy of Guardian still judges what"
                        + " runs");
        if (!policy.enabled()) {
            notes.add("the policy is disabled, yet its export acts as soon as it is applied");
        }
        notes.addAll(RulesetNotices.of(rulesets));
        if (variables.values().stream().mapToInt(String::length).sum() > MANY_CHARS) {
            notes.add(
                    "the rules are so many that an API server may find the expressions too large or too costly; try it"
                            + " with `kubectl apply --dry-run=server`");
        }
        return notes;
    }

    /** A name as Kubernetes allows it; one that had to be changed gets a mark of its own. */
    static String name(String policy) {
        String plain =
                policy.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+|-+$", "");
        String cut = plain.substring(0, Math.min(plain.length(), LONGEST_NAME)).replaceAll("-+$", "");
        String mark = Hashes.checksum(Json.of(policy)).substring(0, 8);
        return cut.equals(policy) ? cut : cut.isEmpty() ? "policy-" + mark : cut + "-" + mark;
    }

    private static Json.Obj head(String kind, String name, Json.Obj spec) {
        return Json.object()
                .put("apiVersion", API_VERSION)
                .put("kind", kind)
                .put(
                        "metadata",
                        Json.object()
                                .put("name", name)
                                .put(
                                        "labels",
                                        Json.object()
                                                .put("app.kubernetes.io/managed-by", "guardian")
                                                .build())
                                .build())
                .put("spec", spec)
                .build();
    }

    private static Json.Obj policy(String name, ClusterPolicy policy, Map<String, String> variables) {
        var listed = new ArrayList<Json>();
        variables.forEach((variable, expression) -> listed.add(Json.object()
                .put("name", variable)
                .put("expression", expression)
                .build()));
        String first = "variables." + AdmissionExpressions.REFUSED + "[0].";
        var validation = Json.object()
                .put("expression", "size(variables." + AdmissionExpressions.REFUSED + ") == 0")
                .put("message", "an image is not allowed by policy " + name)
                .put(
                        "messageExpression",
                        "\"image \" + " + first + "image + \" of container \" + " + first + "name + "
                                + CelText.literal(" is not allowed by policy " + name))
                .build();
        var spec = Json.object()
                .put(
                        "failurePolicy",
                        switch (policy.mode()) {
                            case ENFORCE -> "Fail";
                            case AUDIT -> "Ignore";
                        })
                .put(
                        "matchConstraints",
                        Json.object()
                                .put(
                                        "resourceRules",
                                        new Json.Arr(List.of(
                                                resources(List.of("CREATE", "UPDATE"), "pods"),
                                                resources(List.of("UPDATE"), "pods/ephemeralcontainers"))))
                                .build())
                .put("variables", new Json.Arr(listed))
                .put("validations", new Json.Arr(List.of(validation)))
                .build();
        return head("ValidatingAdmissionPolicy", name, spec);
    }

    private static Json.Obj resources(List<String> operations, String resource) {
        return Json.object()
                .put("apiGroups", Json.strings(List.of("")))
                .put("apiVersions", Json.strings(List.of("v1")))
                .put("operations", Json.strings(operations))
                .put("resources", Json.strings(List.of(resource)))
                .build();
    }

    private static Json.Obj binding(String name, PolicyMode mode) {
        var actions = switch (mode) {
            case ENFORCE -> List.of("Deny");
            case AUDIT -> List.of("Warn", "Audit");
        };
        return head(
                "ValidatingAdmissionPolicyBinding",
                name,
                Json.object()
                        .put("policyName", name)
                        .put("validationActions", Json.strings(actions))
                        .build());
    }
}
