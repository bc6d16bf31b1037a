package io.guardian.backend.api;

import io.guardian.backend.http.Query;
import io.guardian.backend.meta.Stored;

/** The filters that lists of policies and rulesets share. */
final class DocumentFilter {
    private DocumentFilter() {}

    static boolean wanted(Stored stored, Query query) {
        return query.text("type").map(stored.type()::equals).orElse(true)
                && query.text("name_or_uid_contains")
                        .map(part -> Wire.contains(stored.name(), part) || Wire.contains(stored.uid(), part))
                        .orElse(true)
                && query.text("name_or_uid_equals")
                        .map(text -> stored.name().equals(text) || Wire.sameUid(stored.uid(), text))
                        .orElse(true)
                && query.text("name_contains")
                        .map(part -> Wire.contains(stored.name(), part))
                        .orElse(true)
                && query.text("name_equals").map(stored.name()::equals).orElse(true)
                && query.text("uid_equals")
                        .map(text -> Wire.sameUid(stored.uid(), text))
                        .orElse(true)
                && query.text("selector_hash_equals")
                        .map(stored.document().object("metadata").text("selectorHash")::equals)
                        .orElse(true)
                && query.text("selector_contains")
                        .map(part -> Wire.contains(selectors(stored), part))
                        .orElse(true)
                && stored.tags().containsAll(query.all("has_tags"));
    }

    private static String selectors(Stored stored) {
        var text = new StringBuilder();
        stored.document().object("spec").fields().forEach((key, value) -> {
            if (key.endsWith("Selector")) {
                text.append(key).append(value.toText());
            }
        });
        return text.toString();
    }
}
