package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.util.List;

/**
 * A machine.
 *
 * @param life envelope; its id is the machine's uid, and it begins with the boot
 * @param hostname its name
 * @param clusterName the cluster it is a node of, empty outside one
 * @param os {@code PRETTY_NAME}, {@code ID} and {@code VERSION_ID} of os-release
 * @param kernel release of the kernel
 * @param arch as {@code uname -m} says
 * @param cpuModel as /proc/cpuinfo names it
 * @param cores processors online
 * @param memoryBytes all memory
 * @param privateIps addresses of its interfaces, loopback left out
 */
public record MachineModel(
        Life life,
        String hostname,
        String clusterName,
        Os os,
        String kernel,
        String arch,
        String cpuModel,
        int cores,
        long memoryBytes,
        List<String> privateIps)
        implements Event {

    /** The distribution. */
    public record Os(String prettyName, String name, String version) {}

    public MachineModel {
        privateIps = List.copyOf(privateIps);
    }

    @Override
    public EventKind kind() {
        return EventKind.MACHINE;
    }

    @Override
    public String id() {
        return life.id();
    }

    @Override
    public long timeMicros() {
        return life.timeMicros();
    }

    @Override
    public long version() {
        return life.version();
    }

    @Override
    public Json.Obj toJson() {
        return life.begin(kind())
                .put("muid", life.id())
                .put("hostname", hostname)
                .putUnlessEmpty("cluster_name", clusterName)
                .put("boot_time", Seconds.json(life.fromMicros()))
                .put("cpu_model", cpuModel)
                .put("machine_processor", arch)
                .put("os_system", "Linux")
                .put("os_pretty_name", os.prettyName())
                .put("os_name", os.name())
                .put("os_version", os.version())
                .put("os_release", kernel)
                .put("machine_cores", cores)
                .put("machine_memory", memoryBytes)
                .put("private_ip", Json.strings(privateIps))
                .build();
    }

    static MachineModel read(Fields in) {
        return new MachineModel(
                Life.read(in),
                in.textOr("hostname", ""),
                in.textOr("cluster_name", ""),
                new Os(in.textOr("os_pretty_name", ""), in.textOr("os_name", ""), in.textOr("os_version", "")),
                in.textOr("os_release", ""),
                in.textOr("machine_processor", ""),
                in.textOr("cpu_model", ""),
                in.intOr("machine_cores", 0),
                in.wholeOr("machine_memory", 0),
                in.texts("private_ip"));
    }
}
