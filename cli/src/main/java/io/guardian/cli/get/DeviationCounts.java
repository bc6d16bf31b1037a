package io.guardian.cli.get;

import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.PolicyRecords;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How often each policy was deviated from in the time window: distinct deviations, and how often they were seen. */
record DeviationCounts(Map<String, String> texts) {
    DeviationCounts {
        texts = Map.copyOf(texts);
    }

    static Optional<DeviationCounts> of(Session session, List<Json.Obj> policies) throws UsageException {
        var window = Window.of(session, Window.DAY);
        var texts = new HashMap<String, String>();
        for (var policy : policies) {
            var relevance = Relevances.of(session, policy, session.arguments().has("--include-irrelevant"));
            var unique = new HashSet<String>();
            var total = new long[1];
            PolicyRecords.stream(session, Policies.uid(policy), "event_deviation", window, record -> {
                if (isShown(relevance, record)) {
                    unique.add(record.text("checksum"));
                    total[0] += times(record);
                }
            });
            texts.put(Policies.uid(policy), unique.size() + "/" + total[0]);
        }
        return Optional.of(new DeviationCounts(texts));
    }

    /** How often a record says that it was seen. */
    static long times(Json.Obj record) {
        return record.number("count").map(Json.Num::asLong).orElse(1L);
    }

    /** How many of these were something else, which has no record of its own. */
    static long others(Json.Obj record) {
        return record.number("others").map(Json.Num::asLong).orElse(0L);
    }

    /** What a record stands for is unknown where it counts others, so it stays when the policy allows the first. */
    static boolean isShown(Relevances relevance, Json.Obj record) {
        return relevance.isRelevant(record) || others(record) > 0;
    }

    /** {@code 2/33}. */
    String text(String policyUid) {
        return texts.getOrDefault(policyUid, "0/0");
    }
}
