package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.core.text.Json;
import java.util.List;

/**
 * When processes were killed, by the log of their policy.
 *
 * @param seconds since 1970
 */
record KillTimes(List<Double> seconds) {
    private static final double MINUTE = 60;

    static KillTimes of(Api api, String policyUid) {
        return new KillTimes(api.policyRecords(policyUid, "event_log").stream()
                .filter(line -> line.text("message").startsWith("Completed \"agentKillProcess\"")
                        && line.text("message").endsWith("Result: killed."))
                .map(line -> line.number("time").map(Json.Num::asDouble).orElse(0.0))
                .toList());
    }

    void atMostInAnyMinute(int limit) {
        for (double from : seconds) {
            assertThat(seconds.stream().filter(at -> at >= from && at < from + MINUTE))
                    .as("kills in the minute from %.3f", from)
                    .hasSizeLessThanOrEqualTo(limit);
        }
    }
}
