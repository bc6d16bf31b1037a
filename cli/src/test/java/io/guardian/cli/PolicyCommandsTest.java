package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import org.junit.jupiter.api.Test;

/** Policies of the server are deleted and switched. */
class PolicyCommandsTest extends AgainstApi {
    @Test
    void delete_wants_the_exact_name_and_a_yes() {
        MongoPolicy.store(server, "3");
        server.on("DELETE", "/org/{o}/analyticspolicy/pol:CB1fSLq4wpkFG5kWsQ2r", "{}");

        assertThat(spyctl().run("delete", "policy", "mongo").err()).isEqualTo("Error: no policy `mongo`\n");
        var unasked = spyctl().run("delete", "policy", "mongo-policy");
        assertThat(unasked.code()).isEqualTo(1);
        assertThat(unasked.err()).startsWith("Error: confirmation needed, use -y\n");
        var no = spyctl().typing("what", "n").run("delete", "policy", "mongo-policy");
        assertThat(no.err())
                .startsWith("Delete policy `mongo-policy` (pol:CB1fSLq4wpkFG5kWsQ2r, Auditing)? [y/N] Delete policy");
        assertThat(server.requests("DELETE", "/org/{o}/analyticspolicy/pol:CB1fSLq4wpkFG5kWsQ2r"))
                .isEmpty();
        assertThat(spyctl().run("delete", "policy", "-y", "CB1fSLq4wpkFG5kWsQ2r")
                        .err())
                .isEqualTo("Successfully deleted policy pol:CB1fSLq4wpkFG5kWsQ2r\n");
    }

    @Test
    void mode_enforce_shows_what_would_have_happened_and_asks() {
        MongoPolicy.store(server, "3");
        server.on(
                "PUT",
                "/org/{o}/analyticspolicy/",
                "{\"valid\":true,\"would_hit\":{},\"deviations_24h\":{\"unique\":2,\"total\":33}}");
        server.on("POST", "/org/{o}/analyticspolicy/pol:CB1fSLq4wpkFG5kWsQ2r/mode", """
                {"uid":"pol:CB1fSLq4wpkFG5kWsQ2r","policy":{"metadata":{"version":4}}}""");

        var result = spyctl().typing("y").run("policy", "mode", "enforce", "mongo-policy");

        assertThat(result.err())
                .contains("in the last 24 hours: 2 distinct, 33 in all\n")
                .endsWith("Successfully set policy pol:CB1fSLq4wpkFG5kWsQ2r to enforce, now version 4\n");
        assertThat(server.requests().getLast().json().get("mode")).contains(Json.of("enforce"));
    }
}
