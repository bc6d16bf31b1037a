package io.guardian.core.text;

import java.util.Optional;

/** What a scalar means to a field that knows what it wants, quoted or not. */
public final class ScalarMeaning {
    private ScalarMeaning() {}

    /** The booleans of YAML 1.2 and, unquoted, the words of YAML 1.1 ({@code yes}, {@code on}). */
    public static Optional<Boolean> bool(Tree.Scalar scalar) {
        if (scalar.style() == Tree.Style.QUOTED) {
            return Optional.empty();
        }
        return PlainScalar.bool(scalar.text());
    }

    public static Optional<Json.Num> number(Tree.Scalar scalar) {
        return PlainScalar.number(scalar.text());
    }

    /** A number without a fraction, in decimal digits; {@code 443.0} counts, {@code 1e3} too. */
    public static Optional<Json.Num> integer(Tree.Scalar scalar) {
        return PlainScalar.number(scalar.text())
                .map(number -> new Json.Num(NumberText.of(number)))
                .filter(number -> number.digits().matches("-?[0-9]++"));
    }
}
