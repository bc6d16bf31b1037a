package io.guardian.cli.get;

import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Session;
import io.guardian.core.selector.Glob;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The filters of a context as tests on records of containers, for commands that read them without a search. */
public final class ContainerFilter {
    private ContainerFilter() {}

    /**
     * What the context says of containers besides their cluster; what it says of namespaces only where no option of
     * that name replaces it. A filter that containers have no field for is named to the user and has no effect.
     */
    public static Predicate<Json.Obj> of(Session session) throws UsageException {
        var tests = new ArrayList<Predicate<Json.Obj>>();
        for (var filter : ContextFilters.values()) {
            var values = session.contextFilters().getOrDefault(filter.contextKey(), List.of());
            if (values.isEmpty() || filter == ContextFilters.CLUSTER) {
                continue;
            }
            switch (filter) {
                case CLUSTER -> {}
                case NAMESPACE -> {
                    if (!session.arguments().has("--namespace")) {
                        tests.add(anyOf(values, "pod_namespace"));
                    }
                }
                case MACHINES -> tests.add(anyOf(ContextQuery.machines(session, values), "muid"));
                case POD -> tests.add(anyOf(values, "pod_name", "pod_uid"));
                case IMAGE -> tests.add(anyOf(values, "image"));
                case IMAGE_ID -> tests.add(anyOf(values, "image_id"));
                case CONTAINER_NAME -> tests.add(anyOf(values, "container_name"));
                case CONTAINER_ID -> tests.add(anyOf(values, "container_id"));
                case CGROUP ->
                    session.talk()
                            .say("Note: " + filter.option() + " of the context has no counterpart here and is ignored");
            }
        }
        return record -> tests.stream().allMatch(test -> test.test(record));
    }

    private static Predicate<Json.Obj> anyOf(List<String> values, String... fields) {
        var globs = values.stream().map(Glob::of).toList();
        return record -> {
            for (String field : fields) {
                String text = record.text(field);
                if (globs.stream().anyMatch(glob -> glob.matches(text))) {
                    return true;
                }
            }
            return false;
        };
    }
}
