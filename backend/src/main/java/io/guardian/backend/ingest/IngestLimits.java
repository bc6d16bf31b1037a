package io.guardian.backend.ingest;

/**
 * How large a delivery may be.
 *
 * @param packedBytes as sent, when compressed
 * @param plainBytes after unpacking
 * @param inFlightBytes unpacked bytes of all deliveries under way; more are told to wait
 */
public record IngestLimits(int packedBytes, int plainBytes, int lines, int lineBytes, int inFlightBytes) {
    public static final IngestLimits DEFAULT = new IngestLimits(5 << 20, 50 << 20, 10_000, 1 << 20, 100 << 20);
}
