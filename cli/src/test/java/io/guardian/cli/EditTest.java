package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** Files and policies of the server are changed in an editor. */
class EditTest extends AgainstApi {
    private String editor(String script) throws IOException {
        var file = directory.resolve("editor.sh");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }

    @Test
    void a_file_is_edited_in_place_and_never_sent() throws IOException {
        var spyctl = spyctl().env("EDITOR", editor("sed -i -e '/imageID/d' -e 's/mongo:latest/mongo:*/' \"$1\""));
        spyctl.file("policy.yaml", MongoPolicy.POLICY);

        var result = spyctl.run("edit", "policy.yaml");

        assertThat(result.err()).isEqualTo("Successfully edited resource file 'policy.yaml'\n");
        assertThat(spyctl.read("policy.yaml"))
                .contains("image: docker.io/library/mongo:*\n  mode: audit")
                .doesNotContain("#|");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void the_editor_opens_again_with_the_problems_until_the_text_is_right() throws IOException {
        var spyctl = spyctl().env("EDITOR", editor("""
                n=$(cat count 2>/dev/null || echo 0); n=$((n+1)); echo $n > count
                cp "$1" seen.$n
                if [ $n = 1 ]; then sed -i 's/mode: audit/mode: watch/' "$1"; else sed -i 's/mode: watch/mode: enforce/' "$1"; fi
                """.replace("count", directory + "/count")
                .replace("seen.", directory + "/seen.")));
        spyctl.file("policy.yaml", MongoPolicy.POLICY);

        var result = spyctl.run("edit", "policy.yaml");

        assertThat(result.code()).isZero();
        assertThat(spyctl.read("seen.2")).contains("#| ").contains("spec.mode").contains("watch");
        assertThat(spyctl.read("policy.yaml")).contains("mode: enforce");
    }

    @Test
    void an_unchanged_text_cancels() throws IOException {
        var spyctl = spyctl().env("EDITOR", editor("true"));
        spyctl.file("policy.yaml", MongoPolicy.POLICY);

        var result = spyctl.run("edit", "policy.yaml");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEqualTo("Edit cancelled, no changes made.\n");
        assertThat(spyctl.read("policy.yaml")).isEqualTo(MongoPolicy.POLICY);
    }

    @Test
    void a_live_policy_is_edited_and_sent_with_the_version_it_was_read_at() throws IOException {
        MongoPolicy.store(server, "3");
        server.on("PUT", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:CB1fSLq4wpkFG5kWsQ2r\",\"version\":4}");
        var spyctl = spyctl().env("VISUAL", editor("sed -i 's/mongo:\\*/mongo:7*/' \"$1\""));

        var result = spyctl.run("edit", "policy", "pol:CB1fSLq4wpkFG5kWsQ2r");

        assertThat(result.err()).isEqualTo("Successfully edited container-policy 'pol:CB1fSLq4wpkFG5kWsQ2r'\n");
        var sent = server.requests("PUT", "/org/{o}/analyticspolicy/").getFirst();
        assertThat(sent.headers().get("If-match")).containsExactly("\"3\"");
        assertThat(sent.json()
                        .object("policy")
                        .object("spec")
                        .object("containerSelector")
                        .text("image"))
                .isEqualTo("docker.io/library/mongo:7*");
    }

    @Test
    void somebody_elses_change_is_told_and_the_text_is_kept() throws IOException {
        MongoPolicy.store(server, "3");
        server.on(
                "PUT",
                "/org/{o}/analyticspolicy/",
                _ -> ApiFixture.Reply.of(409, "{\"msg\":\"the policy is at version 4\"}"));
        var spyctl = spyctl().env("VISUAL", editor("sed -i 's/mongo:\\*/mongo:7*/' \"$1\""));

        var result = spyctl.run("edit", "policy", "mongo-policy");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("Error: somebody else changed it in the meantime: the policy is at version 4\n");
        String kept = result.err()
                .lines()
                .filter(line -> line.contains("kept in"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(Path.of(kept.substring(kept.indexOf('/'))))).contains("mongo:7*");
    }

    @Test
    void the_uid_can_not_be_edited() throws IOException {
        MongoPolicy.store(server, "3");
        var spyctl = spyctl().env("EDITOR", editor("""
                if grep -q 'can.t be changed' "$1"; then : ; else sed -i 's/uid: pol:.*/uid: pol:other/' "$1"; fi"""));

        var result = spyctl.run("edit", "policy", "mongo-policy");

        assertThat(result.err()).isEqualTo("Edit cancelled, no changes made.\n");
        assertThat(server.requests("PUT", "/org/{o}/analyticspolicy/")).isEmpty();
    }
}
