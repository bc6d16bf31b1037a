package io.guardian.core.event;

import io.guardian.core.text.Json;

/**
 * What the agent used in the last minute.
 *
 * @param stamp envelope
 * @param ref uid of the agent
 * @param muid the machine
 * @param hostname its name
 * @param cores processors online
 * @param memoryTotalBytes all memory of the machine
 * @param cpuPercent share of one processor, 0 to 100 times {@code cores}
 * @param memoryBytes resident memory of the agent
 * @param bandwidthBytesPerSecond sent to the server
 */
public record MetricEvent(
        Stamp stamp,
        String ref,
        String muid,
        String hostname,
        int cores,
        long memoryTotalBytes,
        double cpuPercent,
        long memoryBytes,
        long bandwidthBytesPerSecond)
        implements Event {

    @Override
    public EventKind kind() {
        return EventKind.METRIC;
    }

    @Override
    public String id() {
        return stamp.id();
    }

    @Override
    public long timeMicros() {
        return stamp.timeMicros();
    }

    @Override
    public long version() {
        return stamp.version();
    }

    @Override
    public Json.Obj toJson() {
        double memoryPercent = memoryTotalBytes == 0 ? 0 : 100.0 * memoryBytes / memoryTotalBytes;
        return stamp.begin(kind())
                .put("ref", ref)
                .put("muid", muid)
                .put("hostname", hostname)
                .put("cpu_cores", cores)
                .put("total_mem_B", memoryTotalBytes)
                .put("cpu_1min_P", Json.object().put("agent", cpuPercent).build())
                .put("mem_1min_P", Json.object().put("agent", memoryPercent).build())
                .put("mem_1min_B", Json.object().put("agent", memoryBytes).build())
                .put("bandwidth_1min_Bps", bandwidthBytesPerSecond)
                .build();
    }

    static MetricEvent read(Fields in) {
        return new MetricEvent(
                Stamp.read(in),
                in.text("ref"),
                in.textOr("muid", ""),
                in.textOr("hostname", ""),
                in.intOr("cpu_cores", 0),
                in.wholeOr("total_mem_B", 0),
                in.object("cpu_1min_P").number("agent").map(Json.Num::asDouble).orElse(0.0),
                in.object("mem_1min_B").number("agent").map(Json.Num::asLong).orElse(0L),
                in.wholeOr("bandwidth_1min_Bps", 0));
    }
}
