package io.guardian.cli.get;

import io.guardian.core.schema.FieldType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The ways in which an option can test a field. */
enum Variant {
    EQUALS(" = ", "", "", "is the value"),
    NOT_EQUALS(" != ", "", "", "is another value"),
    CONTAINS(" ~= ", "*", "*", "contains the value"),
    NOT_CONTAINS(" ~= ", "*", "*", "does not contain the value"),
    STARTS_WITH(" ~= ", "", "*", "starts with the value"),
    ENDS_WITH(" ~= ", "*", "", "ends with the value"),
    MATCHES(" ~~= ", "", "", "matches the regex"),
    ANY_ITEM_EQUALS("[*] = ", "", "", "has the value among its items"),
    ANY_ITEM_CONTAINS("[*] ~= ", "*", "*", "has an item that contains the value"),
    ALL_ITEMS_NOT_EQUALS("[*] = ", "", "", "does not have the value among its items"),
    ALL_ITEMS_NOT_CONTAINS("[*] ~= ", "*", "*", "has no item that contains the value"),
    ANY_KEY_EQUALS(":keys[*] = ", "", "", "has the key"),
    ANY_KEY_CONTAINS(":keys[*] ~= ", "*", "*", "has a key that contains the value"),
    ANY_VALUE_EQUALS(":values[*] = ", "", "", "has the value under some key"),
    ANY_VALUE_CONTAINS(":values[*] ~= ", "*", "*", "has a value that contains this"),
    HAS("", "", "", "has K=V"),
    IN_SUBNET(" << ", "", "", "lies in the network"),
    NOT_IN_SUBNET(" << ", "", "", "lies outside the network"),
    GT(" > ", "", "", "is greater"),
    GTE(" >= ", "", "", "is greater or equal"),
    LT(" < ", "", "", "is less"),
    LTE(" <= ", "", "", "is less or equal"),
    IS(" = ", "", "", "is true or false");

    private static final Set<Variant> NEGATED =
            EnumSet.of(NOT_CONTAINS, ALL_ITEMS_NOT_EQUALS, ALL_ITEMS_NOT_CONTAINS, NOT_IN_SUBNET);

    private final String operator;
    private final String before;
    private final String after;
    private final String meaning;

    Variant(String operator, String before, String after, String meaning) {
        this.operator = operator;
        this.before = before;
        this.after = after;
        this.meaning = meaning;
    }

    static List<Variant> of(FieldType type) {
        return switch (type) {
            case STRING -> List.of(EQUALS, NOT_EQUALS, CONTAINS, NOT_CONTAINS, STARTS_WITH, ENDS_WITH, MATCHES);
            case BOOL -> List.of(IS);
            case INTEGER, LONG, DOUBLE -> List.of(EQUALS, NOT_EQUALS, GT, GTE, LT, LTE);
            case IP -> List.of(EQUALS, NOT_EQUALS, IN_SUBNET, NOT_IN_SUBNET);
            case STRING_ARRAY ->
                List.of(ANY_ITEM_EQUALS, ANY_ITEM_CONTAINS, ALL_ITEMS_NOT_EQUALS, ALL_ITEMS_NOT_CONTAINS);
            case MAP -> List.of(ANY_KEY_EQUALS, ANY_KEY_CONTAINS, ANY_VALUE_EQUALS, ANY_VALUE_CONTAINS, HAS);
        };
    }

    /** Whether several values of it must all hold; of the others one must. */
    boolean isNegative() {
        return NEGATED.contains(this) || this == NOT_EQUALS;
    }

    /** Whether the test is written behind a {@code not}. */
    boolean isNegated() {
        return NEGATED.contains(this);
    }

    String operator() {
        return operator;
    }

    /** The value with the wildcards this variant adds. */
    String pattern(String value) {
        return before + value + after;
    }

    String help(String field) {
        return "Only where " + field + " " + meaning + ".";
    }

    /** {@code --metadata_name-contains}, {@code --is-thread}. */
    String option(String field) {
        String name = field.replace('_', '-').replace('.', '_');
        if (this == IS) {
            return name.startsWith("is-") ? "--" + name : "--is-" + name;
        }
        return "--" + name + "-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static boolean isWildcardFree(String value) {
        return Arrays.stream(new int[] {'*', '?'}).noneMatch(c -> value.indexOf(c) >= 0);
    }
}
