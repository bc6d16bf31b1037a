package io.guardian.backend.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.guardian.core.text.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract kit: a store is right when all of this holds. */
abstract class MetaStoreContract {
    static final Instant NOW = Instant.parse("2026-11-20T18:07:24.418213Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    /** A store that stays open during one test. */
    abstract MetaStore store();

    private Organisation org(String name) {
        return store().organisations().create(name, "ops@" + name + ".test");
    }

    @Test
    void organisation_reads_back_as_it_was_made() {
        var acme = org("acme");
        assertThat(store().organisations().get(acme.uid())).contains(acme);
        assertThat(store().organisations().list()).containsExactly(acme);
        assertThat(store().organisations().update(acme.uid(), "acme 2", "x@y.test", List.of("a")))
                .map(Organisation::name)
                .contains("acme 2");
    }

    @Test
    void key_is_found_by_its_secret_and_nowhere_stored_in_clear() {
        var acme = org("acme");
        var created = store().keys()
                .create(new Keys.NewKey(acme.uid(), "ana@acme.test", "laptop", Role.READ_ONLY, Validity.from(NOW)));
        assertThat(store().keys().ofSecret(created.secret())).contains(created.key());
        assertThat(store().keys().ofSecret(created.secret() + "x")).isEmpty();
        assertThat(created.toString()).doesNotContain(created.secret());
    }

    @Test
    void revoked_key_is_known_but_not_usable() {
        var acme = org("acme");
        var created = store().keys()
                .create(new Keys.NewKey(acme.uid(), "ana@acme.test", "laptop", Role.ADMIN, Validity.from(NOW)));
        assertThat(store().keys().revoke("another", created.key().uid())).isEmpty();
        store().keys().revoke(acme.uid(), created.key().uid());
        assertThat(store().keys().ofSecret(created.secret()).orElseThrow().usableAt(NOW))
                .isFalse();
    }

    @Test
    void imported_key_text_belongs_to_its_first_owner() {
        var acme = org("acme");
        var other = org("other");
        var first = store().keys()
                .importSecret("chosen", new Keys.NewKey(acme.uid(), "a@b.test", "k", Role.ADMIN, Validity.from(NOW)));
        var second = store().keys()
                .importSecret("chosen", new Keys.NewKey(other.uid(), "c@d.test", "k", Role.ADMIN, Validity.from(NOW)));
        assertThat(second).isEqualTo(first);
    }

    @Test
    void document_keeps_every_version_and_key_order() {
        var acme = org("acme");
        var policies = store().policies();
        policies.insert(policy(acme.uid(), "pol:1", 1, "created"));
        var second = policies.update(acme.uid(), "pol:1", _ -> policy(acme.uid(), "pol:1", 2, "spec"));
        assertThat(second).isPresent();
        assertThat(policies.get(acme.uid(), "pol:1")).isEqualTo(second);
        assertThat(policies.archive(acme.uid())).extracting(Stored::version).containsExactly(2L, 1L);
        assertThat(policies.version(acme.uid(), "pol:1", 1)
                        .orElseThrow()
                        .document()
                        .toText())
                .isEqualTo("{\"z\":1.50,\"a\":\"é\"}");
        assertThat(policies.revision(acme.uid())).isEqualTo(2);
    }

    @Test
    void deleted_document_leaves_the_list_and_stays_readable() {
        var acme = org("acme");
        var policies = store().policies();
        policies.insert(policy(acme.uid(), "pol:1", 1, "created"));
        assertThat(policies.delete(acme.uid(), "pol:1", "ana@acme.test", NOW)).isPresent();
        assertThat(policies.list(acme.uid())).isEmpty();
        assertThat(policies.get(acme.uid(), "pol:1")).isEmpty();
        assertThat(policies.delete(acme.uid(), "pol:1", "ana@acme.test", NOW)).isEmpty();
        assertThat(policies.archive(acme.uid())).extracting(Stored::version).containsExactly(1L);
        assertThat(policies.versions(acme.uid(), "pol:1"))
                .extracting(Stored::change)
                .containsExactly("deleted", "created");
    }

    @Test
    void refused_update_changes_nothing() {
        var acme = org("acme");
        var policies = store().policies();
        policies.insert(policy(acme.uid(), "pol:1", 1, "created"));
        assertThatThrownBy(() -> policies.update(acme.uid(), "pol:1", _ -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(policies.get(acme.uid(), "pol:1").orElseThrow().version()).isEqualTo(1);
        assertThat(policies.revision(acme.uid())).isEqualTo(1);
    }

    @Test
    void documents_of_another_organisation_or_kind_are_unknown() {
        var acme = org("acme");
        var other = org("other");
        store().policies().insert(policy(acme.uid(), "pol:1", 1, "created"));
        assertThat(store().policies().get(other.uid(), "pol:1")).isEmpty();
        assertThat(store().policies().update(other.uid(), "pol:1", current -> current))
                .isEmpty();
        assertThat(store().policies().archive(other.uid())).isEmpty();
        assertThat(store().rulesets().get(acme.uid(), "pol:1")).isEmpty();
    }

    @Test
    void change_of_a_policy_wakes_who_waits_for_it() throws InterruptedException {
        var acme = org("acme");
        String topic = Changes.policies(acme.uid());
        long seen = store().changes().count(topic);
        store().policies().insert(policy(acme.uid(), "pol:1", 1, "created"));
        assertThat(store().changes().await(topic, seen, Duration.ofSeconds(10))).isTrue();
        assertThat(store().changes().await(topic, store().changes().count(topic), Duration.ZERO))
                .isFalse();
    }

    private static Stored policy(String org, String uid, long version, String change) {
        var document =
                Json.object().put("z", new Json.Num("1.50")).put("a", "é").build();
        return new Stored(
                org, uid, version, "p", "container", document, List.of("t"), NOW, "ana", NOW, "ana", change, false);
    }

    private AgentRecord agent(Organisation org, String machine) {
        var registration = store().agents()
                .createRegistration(
                        new Agents.NewRegistration(org.uid(), "local", "", Json.Obj.EMPTY, "ana", Validity.from(NOW)));
        return store().agents().register(registration.registration(), facts(machine, "node-1"), NOW);
    }

    private static AgentFacts facts(String machine, String hostname) {
        return new AgentFacts("node", machine, hostname, "demo-cluster", "", Json.Obj.EMPTY);
    }

    @Test
    void registering_again_keeps_the_uids() {
        var acme = org("acme");
        var created = store().agents()
                .createRegistration(
                        new Agents.NewRegistration(acme.uid(), "local", "", Json.Obj.EMPTY, "ana", Validity.from(NOW)));
        var registration = store().agents().registrationOfCode(created.code()).orElseThrow();
        var first = store().agents().register(registration, facts("m1", "old-name"), NOW);
        var again = store().agents().register(registration, facts("m1", "new-name"), NOW.plusSeconds(60));
        assertThat(again.uid()).isEqualTo(first.uid());
        assertThat(again.muid()).isEqualTo(first.muid());
        assertThat(again.clusterUid()).isEqualTo(first.clusterUid()).startsWith("clus:");
        assertThat(again.registered()).isEqualTo(first.registered());
        assertThat(store().agents().list(acme.uid()))
                .singleElement()
                .extracting(AgentRecord::hostname)
                .isEqualTo("new-name");
        assertThat(store().sources().list(acme.uid())).singleElement().satisfies(source -> {
            assertThat(source.uid()).isEqualTo(first.sourceUid());
            assertThat(source.runtimeDetails().text("hostname")).isEqualTo("new-name");
        });
        assertThat(store().clusters().list(acme.uid())).hasSize(1);
    }

    @Test
    void new_token_lets_the_old_one_live_five_minutes() {
        var agent = agent(org("acme"), "m1");
        var old = store().agents().issueToken(agent.uid(), NOW, Duration.ofDays(1));
        var fresh = store().agents().issueToken(agent.uid(), NOW.plusSeconds(10), Duration.ofDays(1));
        assertThat(store().agents().agentOfToken(old, NOW.plusSeconds(300))).isPresent();
        assertThat(store().agents().agentOfToken(old, NOW.plusSeconds(311))).isEmpty();
        assertThat(store().agents().agentOfToken(fresh, NOW.plusSeconds(311))).isPresent();
        store().agents().revokeTokens(agent.uid());
        assertThat(store().agents().agentOfToken(fresh, NOW.plusSeconds(11))).isEmpty();
    }

    @Test
    void attempts_are_listed_newest_first_and_only_to_their_organisation() {
        var acme = org("acme");
        var created = store().agents()
                .createRegistration(
                        new Agents.NewRegistration(acme.uid(), "local", "", Json.Obj.EMPTY, "ana", Validity.from(NOW)));
        String uid = created.registration().uid();
        store().agents().noteAttempt(uid, NOW, "127.0.0.1", "agent:a", "registered", "");
        store().agents().noteAttempt(uid, NOW.plusSeconds(1), "127.0.0.1", "", "", "code is revoked");
        assertThat(store().agents().attempts(acme.uid(), uid, 10))
                .extracting(each -> each.text("error"))
                .containsExactly("code is revoked", "");
        assertThat(store().agents().attempts("other", uid, 10)).isEmpty();
    }

    private AgentAction queue(AgentRecord agent, Duration life) {
        return store().actions()
                .queue(new Actions.NewAction(
                        agent.orgUid(),
                        agent.uid(),
                        "kill-process",
                        "proc:a:b:1",
                        "pol:1",
                        "ana",
                        "ana",
                        "why",
                        Json.Obj.EMPTY,
                        new Validity(NOW, NOW.plus(life))));
    }

    @Test
    void action_is_handed_out_until_it_has_a_result() {
        var agent = agent(org("acme"), "m1");
        var action = queue(agent, Duration.ofSeconds(60));
        assertThat(store().actions().deliver(agent.uid(), NOW)).hasSize(1);
        assertThat(store().actions().deliver(agent.uid(), NOW))
                .singleElement()
                .extracting(AgentAction::state)
                .isEqualTo(AgentAction.State.DELIVERED);
        var done = new Actions.Result(0, "", "", NOW, Json.Obj.EMPTY);
        assertThat(store().actions().finish(agent.uid(), action.uid(), done))
                .isInstanceOf(Actions.Finish.Accepted.class);
        assertThat(store().actions().finish(agent.uid(), action.uid(), done))
                .isInstanceOf(Actions.Finish.Repeated.class);
        var other = new Actions.Result(2, "gone", "", NOW, Json.Obj.EMPTY);
        assertThat(store().actions().finish(agent.uid(), action.uid(), other))
                .isInstanceOf(Actions.Finish.Contradicts.class);
        assertThat(store().actions().finish("agent:other", action.uid(), done))
                .isInstanceOf(Actions.Finish.Unknown.class);
        assertThat(store().actions().deliver(agent.uid(), NOW)).isEmpty();
        assertThat(store().actions().killsSince("pol:1", agent.uid(), NOW)).isEqualTo(1);
    }

    @Test
    void late_action_expires_once_and_is_no_longer_handed_out() {
        var agent = agent(org("acme"), "m1");
        queue(agent, Duration.ofSeconds(60));
        assertThat(store().actions().expire(NOW.plusSeconds(59))).isEmpty();
        assertThat(store().actions().expire(NOW.plusSeconds(60)))
                .singleElement()
                .extracting(AgentAction::state)
                .isEqualTo(AgentAction.State.EXPIRED);
        assertThat(store().actions().expire(NOW.plusSeconds(61))).isEmpty();
        assertThat(store().actions().deliver(agent.uid(), NOW.plusSeconds(61))).isEmpty();
    }

    @Test
    void action_that_an_agent_reports_twice_is_kept_once() {
        var agent = agent(org("acme"), "m1");
        var action = queue(agent, Duration.ofSeconds(60));
        assertThat(store().actions().reported(action)).isFalse();
        assertThat(store().actions().list(agent.orgUid())).hasSize(1);
    }

    @Test
    void audit_records_form_a_chain() {
        var acme = org("acme");
        store().audit().append(entry(acme.uid(), "policy.create"));
        var second = store().audit().append(entry(acme.uid(), "policy.update"));
        assertThat(store().audit().list(acme.uid(), NOW, NOW.plusSeconds(1), 10))
                .extracting(each -> each.text("operation"))
                .containsExactly("policy.update", "policy.create");
        assertThat(second.text("previous_hash")).hasSize(64).isNotEqualTo("0".repeat(64));
        assertThat(store().audit().firstBroken(acme.uid())).isEqualTo(Optional.empty());
        assertThat(store().audit().list("other", NOW, NOW.plusSeconds(1), 10)).isEmpty();
    }

    static AuditEntry entry(String org, String operation) {
        return new AuditEntry(
                org,
                NOW,
                "ana@acme.test",
                "user",
                operation,
                "pol:1",
                "p",
                1,
                "",
                "ok",
                200,
                "127.0.0.1",
                "ctx",
                "",
                Json.Arr.EMPTY);
    }

    @Test
    void first_start_makes_one_organisation_and_one_admin_key() {
        var shown = Bootstrap.firstAdmin(store(), Optional.of("chosen key"), NOW);
        assertThat(shown).contains("chosen key");
        assertThat(store().keys().ofSecret("chosen key").orElseThrow().role()).isEqualTo(Role.ADMIN);
        assertThat(Bootstrap.firstAdmin(store(), Optional.of("another"), NOW)).isEmpty();
        assertThat(store().organisations().list())
                .singleElement()
                .extracting(Organisation::name)
                .isEqualTo("default");
    }
}
