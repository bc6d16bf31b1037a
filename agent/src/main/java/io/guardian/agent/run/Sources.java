package io.guardian.agent.run;

import io.guardian.agent.decode.ProcSource;
import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.decode.SensorSource;
import io.guardian.agent.log.Log;
import io.guardian.agent.setup.AgentOptions;
import io.guardian.agent.setup.CgroupScope;
import io.guardian.ebpf.Clocks;
import io.guardian.ebpf.NativeHeap;
import io.guardian.ebpf.Opening;
import io.guardian.ebpf.Sensor;
import io.guardian.ebpf.SensorOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens the best source of records that this machine allows. */
final class Sources {
    private Sources() {}

    /** Absent if only the kernel sensor is wanted and it can't run; the log says why. */
    static Optional<RecordSource> open(AgentOptions options, CgroupScope scope, Log log) {
        return switch (options.source()) {
            case PROC -> Optional.of(lesser(scope, List.of("the kernel sensor is switched off by --source proc"), log));
            case EBPF -> sensor(options, scope, log, false);
            case AUTO -> sensor(options, scope, log, true);
        };
    }

    private static RecordSource lesser(CgroupScope scope, List<String> reasons, Log log) {
        var source = ProcSource.open(
                scope, Clocks::bootNanos, reasons, (int) ProcessHandle.current().pid());
        source.limits().forEach(limit -> log.warn("sensor", "running without the kernel sensor", "limit", limit));
        return source;
    }

    private static Optional<RecordSource> sensor(AgentOptions options, CgroupScope scope, Log log, boolean orLesser) {
        var sensorOptions = SensorOptions.named(options.pin())
                .withOnlyCgroups(scope.folders())
                .withRingBytes(options.ringBytes())
                .withExcludedTgids(Set.of((int) ProcessHandle.current().pid()));
        return switch (Sensor.open(sensorOptions)) {
            case Opening.Opened(var sensor) -> {
                // Loading the programs leaves tens of megabytes with the allocator that nobody needs again.
                NativeHeap.trim();
                var capabilities = sensor.capabilities();
                log.info(
                        "sensor",
                        "attached",
                        "kernel",
                        capabilities.kernel(),
                        "taken_over",
                        capabilities.takenOver(),
                        "complete",
                        capabilities.complete());
                yield Optional.of(new SensorSource(sensor));
            }
            case Opening.Unavailable(var reasons) -> {
                reasons.forEach(reason -> log.error("sensor", "the kernel sensor can't run", "reason", reason));
                yield orLesser ? Optional.of(lesser(scope, reasons, log)) : Optional.empty();
            }
        };
    }
}
