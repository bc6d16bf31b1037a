package io.guardian.core.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Response;
import io.guardian.core.policy.Response.Entry;
import io.guardian.core.policy.Severity;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResponseSelectionTest {
    private static final Action HIGH = new Action.MakeRedFlag(Severity.HIGH, "", "");
    private static final Action LOW = new Action.MakeRedFlag(Severity.LOW, "", "");
    private static final Action KILL = new Action.KillProcess();

    private static Entry always(Action action) {
        return new Entry(action, true, Selectors.NONE);
    }

    private static Entry when(Action action, Scope scope, String key, String value) {
        var term = new Term(key, Operator.IN, List.of(value), Spelling.FLAT);
        return new Entry(action, true, new Selectors(Map.of(scope, List.of(term))));
    }

    private static Subject process(String name) {
        return scope -> switch (scope) {
            case PROCESS -> new Facts.Present(Map.of("name", List.of(name)), java.util.Set.of());
            case CONTAINER -> new Facts.Present(Map.of("image", List.of("redis:7")), java.util.Set.of());
            case NAMESPACE -> Facts.UNKNOWN;
            case SERVICE, MACHINE, CLUSTER, POD, TRACE, USER -> Facts.ABSENT;
        };
    }

    private static List<Action> select(Response response, String name, Deviation.Kind kind) {
        return new ResponseSelection(PolicyType.CONTAINER, response)
                .select(process(name), kind)
                .actions();
    }

    @Test
    void an_action_that_matches_replaces_the_default_of_its_type_only() {
        var response = new Response(List.of(always(HIGH)), List.of(when(KILL, Scope.PROCESS, "name", "bash")));
        assertThat(select(response, "bash", Deviation.Kind.PROCESS)).containsExactly(KILL, HIGH);
        assertThat(select(response, "nc", Deviation.Kind.PROCESS)).containsExactly(HIGH);
    }

    @Test
    void all_hits_are_taken_and_equal_ones_once() {
        var response = new Response(
                List.of(always(HIGH)),
                List.of(
                        when(LOW, Scope.PROCESS, "name", "b*"),
                        when(KILL, Scope.PROCESS, "name", "bash"),
                        when(KILL, Scope.CONTAINER, "image", "redis:*")));
        assertThat(select(response, "bash", Deviation.Kind.PROCESS)).containsExactly(LOW, KILL);
    }

    @Test
    void a_disabled_entry_is_as_if_absent() {
        var disabled =
                new Entry(LOW, false, when(LOW, Scope.PROCESS, "name", "bash").selectors());
        assertThat(select(new Response(List.of(always(HIGH)), List.of(disabled)), "bash", Deviation.Kind.PROCESS))
                .containsExactly(HIGH);
    }

    @Test
    void an_ingress_deviation_kills_only_where_a_process_selector_says_so() {
        var response = new Response(
                List.of(always(KILL), always(HIGH)), List.of(when(KILL, Scope.CONTAINER, "image", "redis:7")));
        assertThat(select(response, "redis", Deviation.Kind.INGRESS)).containsExactly(HIGH);
        assertThat(select(response, "redis", Deviation.Kind.EGRESS)).containsExactly(KILL, HIGH);
        var named = new Response(List.of(always(HIGH)), List.of(when(KILL, Scope.PROCESS, "name", "redis")));
        assertThat(select(named, "redis", Deviation.Kind.INGRESS)).containsExactly(KILL, HIGH);
    }

    @Test
    void what_the_policy_type_cannot_carry_out_is_never_taken() {
        var response = new Response(List.of(always(new Action.KillPod()), always(HIGH)), List.of());
        assertThat(new ResponseSelection(PolicyType.LINUX_SERVICE, response)
                        .select(process("x"), Deviation.Kind.PROCESS)
                        .actions())
                .containsExactly(HIGH);
    }

    @Test
    void a_selector_on_something_not_known_yet_leaves_the_selection_pending() {
        var response = new Response(List.of(always(HIGH)), List.of(when(LOW, Scope.NAMESPACE, "env", "prod")));
        var selected =
                new ResponseSelection(PolicyType.CONTAINER, response).select(process("x"), Deviation.Kind.PROCESS);
        assertThat(selected.pending()).isTrue();
        assertThat(selected.actions()).isEmpty();
    }

    @Test
    void the_class_of_a_flag_names_its_object_severity_and_policy_type() {
        assertThat(FlagClass.of("redflag", "proc:m:a:1", Severity.HIGH, PolicyType.CONTAINER))
                .containsExactly("redflag", "proc", "guardian", "high_severity", "deviation", "container");
    }
}
