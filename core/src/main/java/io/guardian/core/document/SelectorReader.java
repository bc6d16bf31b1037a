package io.guardian.core.document;

import io.guardian.core.id.ImageReference;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import io.guardian.core.text.Nearest;
import io.guardian.core.text.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads selectors, in both spellings, in the order of the document. */
final class SelectorReader {
    private static final String SELECTOR = "Selector";

    private final Scope scope;
    private final List<Term> terms = new ArrayList<>();

    private SelectorReader(Scope scope) {
        this.scope = scope;
    }

    /** All selectors of the allowed scopes among these fields; other keys are left for the caller. */
    static Selectors readAll(Fields fields, Set<Scope> allowed) {
        var found = new LinkedHashMap<Scope, List<Term>>();
        for (var entry : fields.mapping().entries()) {
            Scope.ofKey(entry.key()).filter(allowed::contains).ifPresent(scope -> {
                var terms =
                        fields.take(entry.key()).map(slot -> read(scope, slot)).orElse(List.of());
                found.put(scope, terms);
            });
        }
        allowed.forEach(scope -> fields.know(scope.key()));
        return new Selectors(found);
    }

    static boolean isSelectorKey(String key) {
        return key.endsWith(SELECTOR);
    }

    static List<Term> read(Scope scope, Slot slot) {
        if (slot.isNull()) {
            empty(slot);
            return List.of();
        }
        var reader = new SelectorReader(scope);
        slot.fields().ifPresent(fields -> reader.read(slot, fields));
        return reader.terms;
    }

    private static void empty(Slot slot) {
        slot.error("the selector is empty", "name what it selects, or remove it");
    }

    private void read(Slot slot, Fields fields) {
        int before = fields.mapping().entries().size();
        for (var entry : fields.mapping().entries()) {
            String key = entry.key();
            if (scope.hasLabels()) {
                switch (key) {
                    case "matchLabels" -> fields.take(key).ifPresent(map -> pairs(map, Spelling.MATCH_LABELS));
                    case "matchExpressions" ->
                        fields.take(key).ifPresent(list -> expressions(list, Spelling.MATCH_EXPRESSIONS));
                    default -> {}
                }
            } else if (key.equals("matchFields")) {
                fields.take(key).ifPresent(map -> pairs(map, Spelling.MATCH_FIELDS));
            } else if (key.equals("matchFieldsExpressions")) {
                fields.take(key).ifPresent(list -> expressions(list, Spelling.MATCH_FIELDS_EXPRESSIONS));
            } else if (scope.flatKeys().contains(key)) {
                fields.take(key).ifPresent(value -> flat(key, value));
            }
        }
        fields.know(scope.flatKeys().toArray(String[]::new));
        fields.know(scope.hasLabels() ? "matchLabels" : "matchFields");
        fields.know(scope.hasLabels() ? "matchExpressions" : "matchFieldsExpressions");
        fields.refuseUnknown();
        boolean onlyEmptyParts = fields.mapping().entries().stream().allMatch(SelectorReader::isEmpty);
        if (before == 0 || onlyEmptyParts) {
            empty(slot);
        }
    }

    private static boolean isEmpty(Tree.Entry entry) {
        return entry.value() instanceof Tree.Mapping mapping
                && mapping.entries().isEmpty();
    }

    private void flat(String key, Slot value) {
        var values = switch (scope.flatForm()) {
            case TEXT -> {
                if (value.isList()) {
                    value.error(
                            "expected text, found a list",
                            "for several values write `matchFieldsExpressions` with operator `In`");
                    yield List.<String>of();
                }
                yield List.of(value.text());
            }
            case TEXT_OR_LIST -> value.textOrTexts();
            case LIST -> value.texts(1);
        };
        add(value, key, Operator.IN, values, Spelling.FLAT);
    }

    private void pairs(Slot map, Spelling spelling) {
        map.fields().ifPresent(fields -> {
            for (var entry : fields.mapping().entries()) {
                var value = fields.take(entry.key()).orElseThrow();
                if (checkField(value, entry.key(), spelling)) {
                    // A label may have the empty text as its value, a field never.
                    String text = scope.hasLabels() ? value.anyText() : value.text();
                    add(value, entry.key(), Operator.IN, List.of(text), spelling);
                }
            }
        });
    }

    private void expressions(Slot list, Spelling spelling) {
        for (var item : list.items(1)) {
            item.fields().ifPresent(fields -> expression(item, fields, spelling));
        }
    }

    private void expression(Slot item, Fields fields, Spelling spelling) {
        var keySlot = fields.require("key");
        String key = keySlot.map(Slot::text).orElse("");
        boolean known = key.isEmpty() || checkField(keySlot.orElseThrow(), key, spelling);
        var operator = fields.require("operator")
                .map(slot -> Choice.read(slot, Operator::parse, Operator.values(), Operator.IN))
                .orElse(Operator.IN);
        var values = fields.take("values");
        fields.refuseUnknown();
        var texts = switch (operator) {
            case IN, NOT_IN -> {
                if (values.isEmpty()) {
                    item.error("operator `" + operator + "` needs `values`", "add at least one value");
                }
                yield values.map(slot -> slot.items(1).stream()
                                .map(value -> scope.hasLabels() ? value.anyText() : value.text())
                                .toList())
                        .orElse(List.of());
            }
            case EXISTS, DOES_NOT_EXIST -> {
                values.filter(slot -> !(slot.isList() && slot.items(0).isEmpty()))
                        .ifPresent(
                                slot -> slot.error("operator `" + operator + "` takes no values", "remove `values`"));
                yield List.<String>of();
            }
        };
        if (known) {
            add(item, key, operator, texts, spelling);
        }
    }

    private boolean checkField(Slot place, String key, Spelling spelling) {
        boolean isLabel = spelling == Spelling.MATCH_LABELS || spelling == Spelling.MATCH_EXPRESSIONS;
        if (isLabel || scope.fields().contains(key)) {
            return true;
        }
        place.error(
                "`" + key + "` is no field of a " + scope.key(),
                Nearest.of(key, scope.fields())
                        .map(word -> "did you mean `" + word + "`?")
                        .orElse("use one of " + String.join(", ", scope.fields())));
        return false;
    }

    private void add(Slot place, String key, Operator operator, List<String> values, Spelling spelling) {
        boolean isImage = scope == Scope.CONTAINER && key.equals("image");
        if (isImage) {
            values.forEach(value -> noticeShortImage(place, value));
        }
        terms.add(new Term(scope.subjectKey(key), operator, values, spelling));
    }

    /** Images are compared as records name them, in full; a short name or pattern matches none. */
    static void noticeShortImage(Slot place, String value) {
        if (!value.isEmpty() && value.indexOf('/') < 0 && !value.startsWith("*")) {
            String full =
                    ImageReference.parse(value).map(ImageReference::toString).orElse("docker.io/library/" + value);
            place.notice(
                    "image `" + place.shorten(value) + "` names no registry",
                    "images are compared in full, such as `" + place.shorten(full) + "`");
        }
    }

    /** A set in the order in which messages list the scopes. */
    static Set<Scope> scopes(Scope... scopes) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(scopes)));
    }
}
