package io.guardian.core.ruleset;

import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules that allow what ran in a cluster, and nothing else. Images that ran in the same set of namespaces share a
 * rule; rules of several namespaces come first, then by namespace; values are sorted. Init and ephemeral containers
 * count like others, sandboxes don't.
 *
 * @param notices what was left out, and what the rules deny that a reader may not expect
 */
public record GeneratedRules(List<Rule> rules, List<String> notices) {
    public GeneratedRules {
        rules = List.copyOf(rules);
        notices = List.copyOf(notices);
    }

    /** Where the rules hold. */
    public sealed interface Scoping {
        /** In the whole cluster. */
        record Everywhere() implements Scoping {}

        /** In the namespaces in which an image ran. */
        record EachNamespace() implements Scoping {}

        /** The same, looking at these namespaces only. */
        record Only(Set<String> namespaces) implements Scoping {
            public Only {
                namespaces = Set.copyOf(namespaces);
            }
        }
    }

    /**
     * @param containers {@code model_container} records; several of one container do no harm
     * @param limit a selector that every rule gets, such as the cluster when several share a policy
     */
    public static GeneratedRules of(Collection<Json.Obj> containers, Scoping scoping, Selectors limit) {
        var making = new Making(scoping, limit);
        containers.forEach(making::add);
        return making.finish();
    }

    /** A selector of one cluster by its name. */
    public static Selectors ofCluster(String name) {
        return new Selectors(
                Map.of(Scope.CLUSTER, List.of(new Term("name", Operator.IN, List.of(name), Spelling.MATCH_FIELDS))));
    }

    private static final class Making {
        private final Scoping scoping;
        private final Selectors limit;
        private final Map<String, TreeSet<String>> namespacesOfImage = new TreeMap<>();
        private final Set<String> seenNamespaces = new TreeSet<>();
        private final Set<String> unfit = new TreeSet<>();
        private final Set<String> withoutNamespace = new TreeSet<>();

        Making(Scoping scoping, Selectors limit) {
            this.scoping = scoping;
            this.limit = limit;
        }

        void add(Json.Obj container) {
            String image = container.text("image");
            String namespace = namespace(container);
            boolean wanted = switch (scoping) {
                case Scoping.Everywhere(), Scoping.EachNamespace() -> true;
                case Scoping.Only(var names) -> names.contains(namespace);
            };
            if (image.isEmpty() || !wanted || container.bool("sandbox").orElse(false)) {
                return;
            }
            if (!Glob.isExact(image)) {
                unfit.add(image);
            } else if (namespace.isEmpty() && !(scoping instanceof Scoping.Everywhere)) {
                withoutNamespace.add(image);
            } else {
                seenNamespaces.add(namespace);
                namespacesOfImage.computeIfAbsent(image, _ -> new TreeSet<>()).add(namespace);
            }
        }

        private static String namespace(Json.Obj container) {
            String name = container.text("pod_namespace");
            return name.isEmpty()
                    ? container.object("pod_namespace_labels").text(ContainerObject.NAMESPACE_NAME)
                    : name;
        }

        GeneratedRules finish() {
            var rules = switch (scoping) {
                case Scoping.Everywhere() ->
                    namespacesOfImage.isEmpty()
                            ? List.<Rule>of()
                            : List.of(rule(limit, List.copyOf(namespacesOfImage.keySet())));
                case Scoping.EachNamespace(), Scoping.Only _ -> byNamespace();
            };
            return new GeneratedRules(rules, notices());
        }

        private List<Rule> byNamespace() {
            Map<List<String>, List<String>> images = new HashMap<>();
            namespacesOfImage.forEach(
                    (image, namespaces) -> images.computeIfAbsent(List.copyOf(namespaces), _ -> new ArrayList<>())
                            .add(image));
            Comparator<List<String>> order = Comparator.<List<String>, Boolean>comparing(names -> names.size() == 1)
                    .thenComparing(names -> String.join("\n", names));
            return images.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey(order))
                    .map(entry -> rule(inNamespaces(entry.getKey()), entry.getValue()))
                    .toList();
        }

        private Selectors inNamespaces(List<String> names) {
            var terms = new LinkedHashMap<>(limit.terms());
            terms.put(Scope.NAMESPACE, List.of(RulesetMerge.inNamespaces(names)));
            return new Selectors(terms);
        }

        private static Rule rule(Selectors selectors, List<String> images) {
            return new Rule(selectors, Target.CONTAINER_IMAGE, Verb.ALLOW, images);
        }

        private List<String> notices() {
            var notices = new ArrayList<String>();
            unfit.forEach(image -> notices.add("image `" + image + "` is left out: as a value of a rule it would be a"
                    + " pattern and allow others too"));
            if (!withoutNamespace.isEmpty()) {
                notices.add("containers without a namespace are left out; their images: "
                        + String.join(", ", withoutNamespace));
            }
            if (scoping instanceof Scoping.Only(var names)) {
                new TreeSet<>(names)
                        .stream()
                                .filter(name -> !seenNamespaces.contains(name))
                                .forEach(name -> notices.add(
                                        "no container ran in namespace `" + name + "`, so no rule allows any there"));
                notices.add("the policy will deny every container of the cluster's other namespaces, since no rule"
                        + " reaches them");
            } else if (namespacesOfImage.isEmpty()) {
                notices.add("no container ran in the time window, so there are no rules; with `-t` the window can be"
                        + " made longer");
            }
            return notices;
        }
    }
}
