package io.guardian.core.text;

import java.math.BigDecimal;

/** Numbers in the documents' style: shortest decimal form that reads back equal, no exponent, no {@code .0}. */
final class NumberText {
    private NumberText() {}

    static String of(Json.Num number) {
        String digits = number.digits();
        if (digits.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-')) {
            return digits.equals("-0") ? "0" : digits;
        }
        double value = number.asDouble();
        if (!Double.isFinite(value)) {
            return digits;
        }
        if (value == 0) {
            return "0";
        }
        var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        return decimal.toPlainString();
    }
}
