package io.guardian.ebpf;

/** What went through a connection: payload bytes and segments, received and sent; all 0 where nothing is counted. */
public record Traffic(long receivedBytes, long sentBytes, long receivedSegments, long sentSegments) {

    /** Nothing, or not counted. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0);
}
