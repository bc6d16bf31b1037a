package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Microseconds as the seconds of a record, exact in both directions. */
public final class Seconds {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Seconds() {}

    /** {@code 1790000000250000} gives {@code 1790000000.25}. */
    public static Json.Num json(long micros) {
        if (micros % MICROS_PER_SECOND == 0) {
            return Json.Num.of(micros / MICROS_PER_SECOND);
        }
        return new Json.Num(BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString());
    }

    /** Rounds to the microsecond; what lies outside 64 bits is clamped. */
    public static long micros(Json.Num seconds) {
        if (seconds.digits().length() > 40) {
            double rough = seconds.asDouble() * MICROS_PER_SECOND;
            return (long) rough;
        }
        var value = new BigDecimal(seconds.digits());
        if (Math.abs((long) value.precision() - value.scale()) > 20) {
            return value.signum() * (value.precision() - value.scale() > 0 ? Long.MAX_VALUE : 0);
        }
        var micros = value.movePointRight(6).setScale(0, RoundingMode.HALF_EVEN);
        return micros.max(LEAST).min(MOST).longValue();
    }
}
