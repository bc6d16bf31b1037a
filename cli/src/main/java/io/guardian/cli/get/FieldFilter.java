package io.guardian.cli.get;

import io.guardian.cli.line.Arguments;
import io.guardian.cli.line.Option;
import io.guardian.cli.line.UsageException;
import io.guardian.core.schema.FieldType;
import io.guardian.core.schema.SearchSchemas;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A test on one field of a record, given by an option that is made from the search schema.
 *
 * @param values at least one; of negative variants all must hold, of the others one
 */
record FieldFilter(String field, FieldType type, Variant variant, List<String> values) {
    private static final Set<String> LEFT_OUT = Set.of("time", "valid_from", "valid_to", "full_json");

    FieldFilter {
        values = List.copyOf(values);
    }

    private static Map<String, FieldType> fields(String schema) {
        return SearchSchemas.byId(schema)
                .orElseThrow(() -> new IllegalArgumentException("no schema " + schema))
                .fields();
    }

    static List<Option> options(String schema) {
        var options = new ArrayList<Option>();
        fields(schema).forEach((field, type) -> {
            if (!LEFT_OUT.contains(field)) {
                Variant.of(type).forEach(variant -> options.add(option(field, type, variant)));
            }
        });
        return options;
    }

    private static Option option(String field, FieldType type, Variant variant) {
        String name = variant.option(field);
        String plain = name.replace('_', '-');
        String label = variant == Variant.HAS ? "K=V" : "VALUE";
        var option = name.equals(plain)
                ? Option.value(label, variant.help(field), name)
                : Option.value(label, variant.help(field), name, plain);
        return type == FieldType.BOOL ? option.oneOf("true", "false") : option;
    }

    /** The tests that a call asks for. */
    static List<FieldFilter> of(Arguments arguments, String schema) throws UsageException {
        var filters = new ArrayList<FieldFilter>();
        for (var entry : fields(schema).entrySet()) {
            for (var variant : Variant.of(entry.getValue())) {
                String option = variant.option(entry.getKey());
                var values = arguments.values(option);
                for (String value : values) {
                    check(option, entry.getValue(), variant, value);
                }
                if (!values.isEmpty()) {
                    filters.add(new FieldFilter(entry.getKey(), entry.getValue(), variant, values));
                }
            }
        }
        return filters;
    }

    private static void check(String option, FieldType type, Variant variant, String value) throws UsageException {
        if (type.isNumber() && !value.matches("-?\\d+(\\.\\d+)?")) {
            throw new UsageException("invalid value `" + value + "` for `" + option + "`: give a number");
        }
        if (variant == Variant.HAS && value.indexOf('=') < 1) {
            throw new UsageException("invalid value `" + value + "` for `" + option + "`: give KEY=VALUE");
        }
    }

    /** As text of the query language, in parentheses where it is more than one test. */
    String toQuery() {
        String joined =
                values.stream().map(this::test).collect(Collectors.joining(variant.isNegative() ? " and " : " or "));
        return values.size() > 1 ? "(" + joined + ")" : joined;
    }

    private String test(String value) {
        if (variant == Variant.HAS) {
            int equals = value.indexOf('=');
            return field + "[" + QueryText.quote(value.substring(0, equals)) + "] = "
                    + QueryText.quote(value.substring(equals + 1));
        }
        boolean bare = type.isNumber() || type == FieldType.BOOL;
        String shown = bare ? value : QueryText.quote(variant.pattern(value));
        return (variant.isNegated() ? "not " : "") + field + variant.operator() + shown;
    }

    /** As a test of the older query form; for strings, numbers and bools. */
    Json toExpression() {
        var tests = values.stream().<Json>map(this::expression).toList();
        return tests.size() == 1
                ? tests.getFirst()
                : Json.object()
                        .put(variant.isNegative() ? "and" : "or", new Json.Arr(tests))
                        .build();
    }

    private Json.Obj expression(String value) {
        if (type == FieldType.BOOL) {
            return Expressions.test(field, "equals", Json.of(value.equals("true")));
        }
        if (type.isNumber()) {
            return numberExpression(new Json.Num(value));
        }
        String text = "(?i)" + Expressions.regex(value);
        return switch (variant) {
            case NOT_EQUALS -> Expressions.not(Expressions.matches(field, anchored(value)));
            case CONTAINS -> Expressions.matches(field, text);
            case NOT_CONTAINS -> Expressions.not(Expressions.matches(field, text));
            case STARTS_WITH -> Expressions.matches(field, "(?i)^" + Expressions.regex(value));
            case ENDS_WITH -> Expressions.matches(field, text + "$");
            case MATCHES -> Expressions.matches(field, value);
            case EQUALS,
                    ANY_ITEM_EQUALS,
                    ANY_ITEM_CONTAINS,
                    ALL_ITEMS_NOT_EQUALS,
                    ALL_ITEMS_NOT_CONTAINS,
                    ANY_KEY_EQUALS,
                    ANY_KEY_CONTAINS,
                    ANY_VALUE_EQUALS,
                    ANY_VALUE_CONTAINS,
                    HAS,
                    IN_SUBNET,
                    NOT_IN_SUBNET,
                    GT,
                    GTE,
                    LT,
                    LTE,
                    IS -> Expressions.matches(field, anchored(value));
        };
    }

    private static String anchored(String value) {
        return "(?i)^" + Expressions.quoted(value) + "$";
    }

    private Json.Obj numberExpression(Json.Num number) {
        return switch (variant) {
            case NOT_EQUALS -> Expressions.not(Expressions.test(field, "equals", number));
            case GT -> Expressions.test(field, "greater_than", number);
            case GTE -> Expressions.not(Expressions.test(field, "less_than", number));
            case LT -> Expressions.test(field, "less_than", number);
            case LTE -> Expressions.not(Expressions.test(field, "greater_than", number));
            case EQUALS,
                    CONTAINS,
                    NOT_CONTAINS,
                    STARTS_WITH,
                    ENDS_WITH,
                    MATCHES,
                    ANY_ITEM_EQUALS,
                    ANY_ITEM_CONTAINS,
                    ALL_ITEMS_NOT_EQUALS,
                    ALL_ITEMS_NOT_CONTAINS,
                    ANY_KEY_EQUALS,
                    ANY_KEY_CONTAINS,
                    ANY_VALUE_EQUALS,
                    ANY_VALUE_CONTAINS,
                    HAS,
                    IN_SUBNET,
                    NOT_IN_SUBNET,
                    IS -> Expressions.test(field, "equals", number);
        };
    }
}
