package io.guardian.backend.agents;

import io.guardian.backend.http.Call;
import java.time.Duration;

/** How long a caller is willing to wait for news: the parameter {@code wait}, in seconds. */
final class Waiting {
    private static final long MAX_SECONDS = 60;

    private Waiting() {}

    static Duration of(Call call) {
        return Duration.ofSeconds(Math.clamp(call.query().number("wait").orElse(0L), 0, MAX_SECONDS));
    }
}
