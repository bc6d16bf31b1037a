package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A policy is made of fingerprints. */
class CreatePolicyTest extends AgainstApi {
    @Test
    void a_policy_is_made_of_fingerprints_without_a_server() {
        var spyctl = new SpyctlRun(directory);
        spyctl.file("fprints.yaml", MongoPolicy.FINGERPRINTS);

        var result = spyctl.run(
                "create", "policy", "--from-file", "fprints.yaml", "--name", "mongo-policy", "--mode", "audit");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(MongoPolicy.POLICY);
        assertThat(result.code()).isZero();
    }

    @Test
    void fingerprints_may_come_through_a_pipe() {
        var result = new SpyctlRun(directory)
                .stdin(MongoPolicy.FINGERPRINTS)
                .run("create", "policy", "-f", "-", "-n", "mongo-policy", "--omit-imageid", "-o", "json");

        assertThat(result.out()).contains("\"name\": \"mongo-policy\"").doesNotContain("imageID");
    }
}
