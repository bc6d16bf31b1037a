package io.guardian.agent.attribute;

/**
 * A place in the trees of workloads, as 128 bits; see {@link LineageHash}.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record Lineage(long high, long low) {
    /** Above every root. */
    public static final Lineage TOP = new Lineage(0, 0);

    /** 32 hex digits; empty for {@link #TOP}. */
    public String text() {
        return equals(TOP)
                ? ""
                : java.util.HexFormat.of().toHexDigits(high)
                        + java.util.HexFormat.of().toHexDigits(low);
    }
}
