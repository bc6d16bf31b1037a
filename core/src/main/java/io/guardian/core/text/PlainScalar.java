package io.guardian.core.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an unquoted scalar means where no field says so: the core schema of YAML 1.2 (chapter 10.3.2), less infinity and
 * not-a-number, which JSON can't hold and which stay text.
 */
final class PlainScalar {
    private static final int MAX_NUMBER_LENGTH = 400;
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
    private static final Set<String> YES = Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON");
    private static final Set<String> NO = Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]++");
    private static final Pattern RADIX = Pattern.compile("0o[0-7]++|0x[0-9a-fA-F]++");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]++|[0-9]++(\\.[0-9]*+)?)([eE][-+]?[0-9]{1,4}+)?");
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][-+]?[0-9]++)?");

    private PlainScalar() {}

    static boolean isNull(String text) {
        return NULLS.contains(text);
    }

    static Json resolve(String text) {
        if (isNull(text)) {
            return Json.Null.VALUE;
        }
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return new Json.Bool(TRUE.contains(text));
        }
        return number(text).<Json>map(digits -> digits).orElseGet(() -> new Json.Str(text));
    }

    /** The number a text stands for, in a form that JSON allows; no number is longer than 400 characters. */
    static Optional<Json.Num> number(String text) {
        if (text.length() > MAX_NUMBER_LENGTH) {
            return Optional.empty();
        }
        if (JSON_NUMBER.matcher(text).matches()) {
            return Optional.of(new Json.Num(text));
        }
        if (DECIMAL.matcher(text).matches()) {
            return Optional.of(
                    new Json.Num(new BigInteger(text.startsWith("+") ? text.substring(1) : text).toString()));
        }
        if (RADIX.matcher(text).matches()) {
            int radix = text.charAt(1) == 'o' ? 8 : 16;
            return Optional.of(new Json.Num(new BigInteger(text.substring(2), radix).toString()));
        }
        if (FLOAT.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            return Double.isFinite(value)
                    ? Optional.of(Json.Num.of(value))
                    : Optional.of(new Json.Num(new BigDecimal(text).toString().replace("E+", "E")));
        }
        return Optional.empty();
    }

    /** A boolean where one is wanted: the words of YAML 1.1 count too. */
    static Optional<Boolean> bool(String text) {
        if (TRUE.contains(text) || YES.contains(text)) {
            return Optional.of(true);
        }
        return FALSE.contains(text) || NO.contains(text) ? Optional.of(false) : Optional.empty();
    }
}
