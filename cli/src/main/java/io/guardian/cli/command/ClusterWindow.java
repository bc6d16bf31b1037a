package io.guardian.cli.command;

import io.guardian.cli.output.Moments;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Since when deviations of a cluster policy are new. */
final class ClusterWindow {
    private ClusterWindow() {}

    /** The latest data that the policy was made of; when it doesn't say, the last change of its rulesets. */
    static Optional<Instant> latest(Json.Obj policy, List<ClusterTarget.Part> rulesets) {
        return moment(policy, "latestTimestamp")
                .or(() -> rulesets.stream()
                        .map(ClusterTarget.Part::source)
                        .flatMap(source -> Stream.of("lastUpdatedTimestamp", "creationTimestamp")
                                .flatMap(key -> moment(source, key).stream()))
                        .max(Comparator.naturalOrder()));
    }

    private static Optional<Instant> moment(Json.Obj document, String key) {
        return document.object("metadata").get(key).flatMap(Moments::read);
    }
}
