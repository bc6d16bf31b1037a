package io.guardian.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.Image;
import io.guardian.agent.attribute.Instance;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.decide.Deviation;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.Owner;
import io.guardian.core.event.Stamp;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** However many deviations there are: few records, and counts that add up to all of them. */
class DeviationLimitsTest {
    private static final long HOUR = 3_600_000_000L;

    private DeviationLimits limits = new DeviationLimits();
    private final Instance shop = instance("shop");
    private Map<String, DeviationEvent> stored = new LinkedHashMap<>();
    private int number;
    private final List<Map.Entry<String, String>> file = new ArrayList<>();
    private Map<String, DeviationEvent> committed = Map.of();
    private int committedNumber;

    private static Instance instance(String name) {
        var workload = new ServiceWorkload(
                new InstanceKey(name), new CgroupPath("/" + name), 1, 1, Instant.EPOCH, UserNames.NONE, Resolvers.NONE);
        return new Instance(workload, new AgentIdentity("agent:a", "mach:a", "o", "h", "", ""), Json.Obj.EMPTY);
    }

    private static WorkloadPolicy policy() {
        try {
            return PolicyBundle.read(JsonReader.readObject("""
                            {"revision":1,"policies":[{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy",\
                            "metadata":{"name":"p","type":"linux-service","uid":"pol:p","version":1},\
                            "spec":{"serviceSelector":{"cgroup":"systemd:/x.service"},"mode":"audit",\
                            "processPolicy":[{"name":"x","exe":["/x"],"id":"x_0","euser":["root"]}],\
                            "networkPolicy":{"egress":[],"ingress":[]},"response":{"default":[],"actions":[]}}}]}"""))
                    .orElseThrow()
                    .policies()
                    .getFirst()
                    .policy();
        } catch (JsonSyntaxException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static final WorkloadPolicy POLICY = policy();

    private Finding finding(Instance where, Deviation.Kind kind, String checksum) {
        return finding(where, kind, checksum, "x_0");
    }

    private Finding finding(Instance where, Deviation.Kind kind, String checksum, String node) {
        var patch = new Patch(List.of(new Patch.Item.Below(node, List.of())), List.of(), List.of());
        var deviation = new Deviation(kind, "pol:p", patch, checksum, checksum, checksum);
        return new Finding(
                POLICY, deviation, where, Image.NOWHERE, ProcessKey.NONE, "ref:" + number++, 0, List.of(), List.of());
    }

    private void happens(Finding finding, long atMicros) {
        if (!limits.hasRoom(finding, atMicros)) {
            limits.count(finding, atMicros);
            return;
        }
        made(finding, atMicros);
    }

    private void made(Finding finding, long atMicros) {
        var event = new DeviationEvent(
                new Stamp("dev:" + number, 1, atMicros),
                new DeviationEvent.PolicyRef("pol:p", "p", "linux-service", "audit", 1, 1),
                finding.deviation().checksum(),
                finding.ref(),
                "",
                "",
                Owner.host("mach:a", ""),
                new DeviationEvent.WorkloadNames("h", "", "", "", "", ""),
                Json.Obj.EMPTY,
                new DeviationEvent.Inputs("", Json.Arr.EMPTY, List.of(), Json.Obj.EMPTY),
                1,
                0,
                false,
                List.of());
        limits.made(finding, event, atMicros);
        stored.put(event.id(), event);
    }

    private void tell() {
        limits.raised()
                .forEach(event -> stored.merge(
                        event.id(), event, (before, now) -> before.version() < now.version() ? now : before));
    }

    /** What a commit does: counts are told, and what goes with them is written. */
    private void commit() throws IOException {
        tell();
        limits.changes((key, value) -> file.add(Map.entry(key, value)));
        committed = new LinkedHashMap<>(stored);
        committedNumber = number;
    }

    /** What was not committed is gone, and happens again. */
    private void kill() {
        stored = new LinkedHashMap<>(committed);
        number = committedNumber;
        limits = new DeviationLimits();
        assertThat(file)
                .allSatisfy(entry -> assertThat(limits.take(entry.getKey(), entry.getValue()))
                        .isTrue());
    }

    /**
     * Lets something happen so often, with commits and kills in between.
     *
     * @param happening of this number, at that microsecond
     */
    private void happensThroughKills(int times, IntFunction<Finding> happening) throws IOException {
        var random = new SplittableRandom(Long.getLong("seed", 1));
        while (number < times) {
            int at = number;
            happens(happening.apply(at), at);
            if (random.nextInt(500) == 0) {
                commit();
            }
            if (random.nextInt(3_000) == 0) {
                kill();
            }
        }
    }

    private long counted() {
        tell();
        return stored.values().stream().mapToLong(DeviationEvent::count).sum();
    }

    private long others() {
        tell();
        return stored.values().stream().mapToLong(DeviationEvent::others).sum();
    }

    @Test
    void one_behaviour_has_a_hundred_records_an_hour_and_an_exact_count() {
        for (int i = 0; i < 100_000; i++) {
            happens(finding(shop, Deviation.Kind.PROCESS, "one"), i);
            if (i % 777 == 0) {
                tell();
            }
        }
        assertThat(counted()).isEqualTo(100_000);
        assertThat(others()).isZero();
        assertThat(stored).hasSize(DeviationLimits.RECORDS_OF_ONE);
        happens(finding(shop, Deviation.Kind.PROCESS, "one"), HOUR);
        assertThat(stored).as("the next hour").hasSize(DeviationLimits.RECORDS_OF_ONE + 1);
    }

    @Test
    void kills_of_the_agent_give_a_behaviour_no_more_records_and_lose_no_count() throws IOException {
        happensThroughKills(100_000, i -> finding(shop, Deviation.Kind.PROCESS, "one"));
        assertThat(counted()).isEqualTo(100_000);
        assertThat(others()).isZero();
        assertThat(stored).hasSize(DeviationLimits.RECORDS_OF_ONE);
        commit();
        kill();
        happens(finding(shop, Deviation.Kind.PROCESS, "one"), HOUR);
        assertThat(stored).as("the next hour").hasSize(DeviationLimits.RECORDS_OF_ONE + 1);
    }

    @Test
    void kills_of_the_agent_give_very_many_behaviours_no_more_records_and_lose_no_count() throws IOException {
        happensThroughKills(50_000, i -> finding(shop, Deviation.Kind.INGRESS, "client " + i));
        assertThat(counted()).isEqualTo(50_000);
        assertThat(stored).hasSize(DeviationLimits.KINDS_OF_PLACE + 1);
        assertThat(others()).isEqualTo(50_000 - DeviationLimits.KINDS_OF_PLACE - 1);
    }

    @Test
    void kills_of_the_agent_give_a_workload_no_more_records_and_lose_no_count() throws IOException {
        happensThroughKills(50_000, i -> finding(shop, Deviation.Kind.PROCESS, "tool " + i % 50, "node " + i % 3));
        assertThat(counted()).isEqualTo(50_000);
        assertThat(stored).hasSizeLessThanOrEqualTo(DeviationLimits.RECORDS + 4);
    }

    @Test
    void a_file_written_anew_holds_what_counts_and_damaged_entries_are_left_out() throws IOException {
        happensThroughKills(20_000, i -> finding(shop, Deviation.Kind.EGRESS, "to " + i % 300));
        commit();
        int written = file.size();
        file.clear();
        limits.everything((key, value) -> file.add(Map.entry(key, value)));
        assertThat(file).hasSizeLessThan(written);
        file.addFirst(Map.entry("lt:lg:pol:p damaged audit", "{"));
        file.addFirst(Map.entry("lr:damaged", "1 2"));
        file.addFirst(Map.entry("lp:9999:damaged", "0 1 1 0 0 0"));
        kill();
        int records = stored.size();
        happens(finding(shop, Deviation.Kind.EGRESS, "to 1"), 20_001);
        happens(finding(shop, Deviation.Kind.EGRESS, "to 299"), 20_001);
        assertThat(counted()).isEqualTo(20_002);
        assertThat(stored).hasSize(records);
    }

    @Test
    void a_record_beyond_the_limit_takes_no_count_with_it() {
        for (int i = 0; i < DeviationLimits.RECORDS_OF_ONE + 5; i++) {
            happens(finding(shop, Deviation.Kind.PROCESS, "one"), i);
        }
        made(finding(shop, Deviation.Kind.PROCESS, "one"), 200);
        assertThat(counted()).isEqualTo(DeviationLimits.RECORDS_OF_ONE + 6);
        happens(finding(shop, Deviation.Kind.PROCESS, "one"), 201);
        assertThat(counted()).isEqualTo(DeviationLimits.RECORDS_OF_ONE + 7);
    }

    @Test
    void very_many_behaviours_are_counted_in_one_record_that_says_so() {
        for (int i = 0; i < 100_000; i++) {
            happens(finding(shop, Deviation.Kind.INGRESS, "client " + i), i);
            if (i % 777 == 0) {
                tell();
            }
        }
        assertThat(counted()).isEqualTo(100_000);
        assertThat(stored).hasSize(DeviationLimits.KINDS_OF_PLACE + 1);
        assertThat(others()).isEqualTo(100_000 - DeviationLimits.KINDS_OF_PLACE - 1);
        happens(finding(shop, Deviation.Kind.INGRESS, "client 100000"), HOUR);
        assertThat(stored).as("the next hour").hasSize(DeviationLimits.KINDS_OF_PLACE + 2);
    }

    @Test
    void strangers_at_a_listener_take_no_room_from_processes_and_other_workloads() {
        for (int i = 0; i < 1_000; i++) {
            happens(finding(shop, Deviation.Kind.INGRESS, "client " + i), i);
        }
        assertThat(limits.hasRoom(finding(shop, Deviation.Kind.INGRESS, "stranger"), 1_000))
                .isFalse();
        assertThat(limits.hasRoom(finding(shop, Deviation.Kind.PROCESS, "nc"), 1_000))
                .isTrue();
        assertThat(limits.hasRoom(finding(instance("other"), Deviation.Kind.INGRESS, "stranger"), 1_000))
                .isTrue();
    }

    @Test
    void a_flood_at_one_place_takes_no_room_from_another() {
        for (int i = 0; i < 1_000; i++) {
            happens(finding(shop, Deviation.Kind.EGRESS, "to " + i), i);
        }
        assertThat(limits.hasRoom(finding(shop, Deviation.Kind.EGRESS, "elsewhere", "y_0"), 1_000))
                .isTrue();
    }

    @Test
    void floods_at_very_many_places_have_a_limit_in_all() {
        for (int i = 0; i < 50_000; i++) {
            happens(finding(shop, Deviation.Kind.EGRESS, "to " + i, "node " + i), i);
        }
        assertThat(counted()).isEqualTo(50_000);
        assertThat(others()).isEqualTo(50_000 - DeviationLimits.KINDS - 1);
        assertThat(stored).hasSize(DeviationLimits.KINDS + 1);
    }

    @Test
    void floods_of_many_behaviours_at_many_places_stay_counted() {
        for (int i = 0; i < 200_000; i++) {
            happens(finding(shop, Deviation.Kind.EGRESS, "to " + i % 7_001, "node " + i % 5), i);
            if (i % 777 == 0) {
                tell();
            }
        }
        assertThat(counted()).isEqualTo(200_000);
        assertThat(stored).hasSizeLessThanOrEqualTo(DeviationLimits.RECORDS + 6);
    }

    @Test
    void behaviours_that_come_again_and_again_share_the_records_of_their_workload() {
        for (int i = 0; i < 50_000; i++) {
            happens(finding(shop, Deviation.Kind.PROCESS, "tool " + i % 50), i);
        }
        assertThat(counted()).isEqualTo(50_000);
        assertThat(stored).hasSize(DeviationLimits.RECORDS);
    }

    @Test
    void a_record_that_has_to_be_is_made_beyond_the_limits_too() {
        for (int i = 0; i < 1_000; i++) {
            happens(finding(shop, Deviation.Kind.PROCESS, "tool " + i), i);
        }
        var killed = finding(shop, Deviation.Kind.PROCESS, "another");
        assertThat(limits.hasRoom(killed, 1_000)).isFalse();
        made(killed, 1_000);
        happens(finding(shop, Deviation.Kind.PROCESS, "another"), 1_001);
        assertThat(counted()).isEqualTo(1_002);
    }

    @Test
    void counts_that_the_tables_had_no_place_for_are_told_all_the_same() throws IOException {
        for (int workload = 0; workload < 2_100; workload++) {
            var where = instance("w" + workload);
            for (int i = 0; i < 260; i++) {
                happens(finding(where, Deviation.Kind.EGRESS, workload + " to " + i), i);
            }
            // What changed is kept in memory until a commit, which is not what this is about.
            limits.changes((key, value) -> {});
        }
        assertThat(counted()).isEqualTo(2_100 * 260);
    }
}
