package io.guardian.core.document;

import io.guardian.core.document.Config.Context;
import io.guardian.core.text.Problem;
import io.guardian.core.text.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a client's config and secrets. */
final class ConfigReader {
    private ConfigReader() {}

    static Config config(Fields top) {
        var contexts = top.require("contexts")
                .map(list -> list.items(0).stream()
                        .flatMap(item -> contextOrNotice(item).stream())
                        .toList())
                .orElse(List.of());
        String current = top.requireText("current-context");
        return new Config(contexts, current);
    }

    /** One wrong context must not lock the user out of the others. */
    private static Optional<Context> contextOrNotice(Slot item) {
        var own = new Problems();
        var context =
                new Slot(new Reading(own), item.tree(), item.path()).fields().map(ConfigReader::context);
        Stream.concat(own.errors().stream(), own.notices().stream())
                .map(problem -> new Problem(
                        Problem.Kind.NOTICE,
                        problem.place(),
                        problem.path(),
                        "context skipped: " + problem.message(),
                        problem.help()))
                .forEach(item.reading().problems()::add);
        return own.errorCount() > 0 ? Optional.empty() : context;
    }

    private static Context context(Fields fields) {
        String name = fields.requireText("name");
        String secret = fields.requireText("secret");
        var filters = new LinkedHashMap<String, List<String>>();
        String organization = fields.require("context")
                .flatMap(Slot::fields)
                .map(inner -> {
                    String org = inner.requireText("organization");
                    for (var filter : Config.filterNames()) {
                        inner.take(filter).ifPresent(slot -> filters.put(filter, slot.textOrTexts()));
                    }
                    inner.refuseUnknown();
                    return org;
                })
                .orElse("");
        return new Context(name, secret, organization, filters);
    }
}
