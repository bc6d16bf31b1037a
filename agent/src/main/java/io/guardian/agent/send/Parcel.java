package io.guardian.agent.send;

/**
 * One batch as it is sent.
 *
 * @param batchId {@code EPOCH-SEQ}; the same bytes always go under the same id
 * @param body gzip of NDJSON
 * @param events lines in it
 * @param lane its lane
 */
// Nobody compares these values, and copying the bytes would cost what this class is there to save.
@SuppressWarnings("ArrayRecordComponent")
public record Parcel(String batchId, byte[] body, int events, Lane lane) {}
