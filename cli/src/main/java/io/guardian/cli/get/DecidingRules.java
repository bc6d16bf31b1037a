package io.guardian.cli.get;

import io.guardian.core.text.Json;
import java.util.List;
import java.util.stream.Collectors;

/** Which rules denied a container, as its deviation was recorded. */
public final class DecidingRules {
    private DecidingRules() {}

    /** {@code demo_ruleset:3} or {@code __DEFAULT_DENY__}, one for each denied target; empty for other deviations. */
    public static String inShort(Json.Obj record) {
        var explained = record.array("explanations").objects();
        if (explained.isEmpty()) {
            var matches = record.object("deviation").object("spec").object("matches");
            return matches.fields().keySet().stream()
                    .flatMap(target -> matches.object(target).array("matchedPatterns").strings().stream())
                    .distinct()
                    .collect(Collectors.joining(", "));
        }
        return explained.stream().map(DecidingRules::place).distinct().collect(Collectors.joining(", "));
    }

    private static String place(Json.Obj explanation) {
        return explanation.text("ruleset").isEmpty()
                ? explanation.text("pattern")
                : explanation.text("ruleset") + ":"
                        + explanation.number("rule").map(Json.Num::digits).orElse("?");
    }

    /** One sentence for each denied target; empty when the record holds none. */
    public static List<String> sentences(Json.Obj record) {
        return record.array("explanations").objects().stream()
                .map(explanation -> explanation.text("text"))
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
