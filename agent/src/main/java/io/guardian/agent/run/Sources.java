package io.guardian.agent.run;

import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.decode.SensorSource;
import io.guardian.agent.log.Log;
import io.guardian.agent.setup.AgentOptions;
import io.guardian.agent.setup.CgroupScope;
import io.guardian.ebpf.NativeHeap;
import io.guardian.ebpf.Opening;
import io.guardian.ebpf.Sensor;
import io.guardian.ebpf.SensorOptions;
import java.util.Optional;
import java.util.Set;

/** Opens the best source of records that this machine allows. */
final class Sources {
    private Sources() {}

    static Optional<RecordSource> open(AgentOptions options, CgroupScope scope, Log log) {
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
                reasons.forEach(reason -> log.error("sensor", "can't run", "reason", reason));
                yield Optional.empty();
            }
        };
    }
}
