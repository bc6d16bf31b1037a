package io.guardian.backend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Verb;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Role;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every endpoint with every role, with no key, and with a key of another organisation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorisationTest {
    private final ApiServer server;
    private final Map<Role, String> keys = new EnumMap<>(Role.class);

    AuthorisationTest(@TempDir Path folder) throws Exception {
        server = new ApiServer(folder);
        for (var role : Role.values()) {
            keys.put(role, server.key(server.acme, role));
        }
    }

    @AfterAll
    void close() throws Exception {
        server.close();
    }

    private int status(Endpoint endpoint, String key, String org) {
        String path = endpoint.path().replace("/api/v1", "").replace("{o}", org).replaceAll("\\{[a-z]+}", "none");
        var request = server.request(endpoint.path().startsWith("/api/v1") ? path : "/../.." + path)
                .method(
                        endpoint.verb().name(),
                        endpoint.verb() == Verb.GET || endpoint.verb() == Verb.DELETE
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("{}"));
        return server.send(key.isEmpty() ? request : request.header("Authorization", "Bearer " + key))
                .statusCode();
    }

    @Test
    void role_decides_and_nothing_else() {
        int looked = 0;
        for (var endpoint : server.dispatcher.endpoints()) {
            if (endpoint.access() instanceof Access.Key(var permission)) {
                for (var role : Role.values()) {
                    int status = status(endpoint, keys.getOrDefault(role, ""), server.acme.uid());
                    assertThat(status == 403)
                            .as(role + " " + endpoint.verb() + " " + endpoint.path() + ": " + status)
                            .isEqualTo(!role.may(permission));
                    looked++;
                }
            }
        }
        assertThat(looked).isGreaterThan(150);
    }

    @Test
    void without_a_key_everything_but_the_open_endpoints_is_401() {
        for (var endpoint : server.dispatcher.endpoints()) {
            if (endpoint.access() instanceof Access.Key) {
                assertThat(status(endpoint, "", server.acme.uid()))
                        .as(endpoint.path())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void key_of_another_organisation_gets_403_everywhere() {
        int looked = 0;
        for (var endpoint : server.dispatcher.endpoints()) {
            if (endpoint.path().contains("{o}")) {
                assertThat(status(endpoint, server.otherAdmin, server.acme.uid()))
                        .as(endpoint.verb() + " " + endpoint.path())
                        .isEqualTo(403);
                looked++;
            }
        }
        assertThat(looked).isGreaterThan(30);
    }

    @Test
    void only_two_roles_may_kill() {
        for (var role : Role.values()) {
            boolean kills = role.may(Permission.KILL_POD) || role.may(Permission.KILL_PROCESS);
            assertThat(kills).as(role.toString()).isEqualTo(role == Role.ADMIN || role == Role.POWER_USER);
        }
    }
}
