package io.guardian.agent.control;

import io.guardian.core.event.Life;
import io.guardian.core.event.MachineModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What this machine is.
 *
 * @param machineId lasting name of the installation
 * @param memoryBytes all memory
 * @param addresses of its interfaces, loopback and link-local left out
 */
public record MachineInfo(
        String machineId,
        String hostname,
        MachineModel.Os os,
        String kernel,
        String arch,
        String cpuModel,
        int cores,
        long memoryBytes,
        List<String> addresses) {

    private static final int FILE_CHARS_MAX = 256 << 10;

    public MachineInfo {
        addresses = List.copyOf(addresses);
    }

    /**
     * @param fallbackId used if the machine has no id of its own
     * @param hostFile the text of a file of the host, empty if there is none; the agent's own files may be a
     *     container's
     */
    public static MachineInfo read(String fallbackId, UnaryOperator<String> hostFile) {
        var release = assignments(hostFile.apply("/etc/os-release"));
        String id = hostFile.apply("/etc/machine-id").strip();
        return new MachineInfo(
                id.matches("[0-9a-f]{32}") ? id : fallbackId,
                text("/proc/sys/kernel/hostname").strip(),
                new MachineModel.Os(
                        release.getOrDefault("PRETTY_NAME", "Linux"),
                        release.getOrDefault("ID", "linux"),
                        release.getOrDefault("VERSION_ID", "")),
                text("/proc/sys/kernel/osrelease").strip(),
                architecture(),
                text("/proc/cpuinfo")
                        .lines()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(""),
                Runtime.getRuntime().availableProcessors(),
                memory(),
                interfaceAddresses());
    }

    /** Under another name; an empty one changes nothing. */
    public MachineInfo named(String name) {
        return name.isEmpty() ? this : with(name, addresses);
    }

    /** With other addresses; none changes nothing. */
    public MachineInfo at(List<String> others) {
        return others.isEmpty() ? this : with(hostname, others);
    }

    private MachineInfo with(String name, List<String> places) {
        return new MachineInfo(machineId, name, os, kernel, arch, cpuModel, cores, memoryBytes, places);
    }

    /** The kernel's random name of this boot. */
    public static String bootId() {
        return text("/proc/sys/kernel/random/boot_id").strip();
    }

    private static String architecture() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("amd64") ? "x86_64" : arch;
    }

    private static long memory() {
        return text("/proc/meminfo")
                .lines()
                .filter(line -> line.startsWith("MemTotal:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .filter(digits -> !digits.isEmpty())
                .map(Long::parseLong)
                .findFirst()
                .map(kib -> kib * 1024)
                .orElse(0L);
    }

    private static List<String> interfaceAddresses() {
        var all = new ArrayList<String>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .map(address -> address.replaceFirst("%.*", ""))
                    .limit(64)
                    .forEach(all::add);
        } catch (SocketException none) {
            return List.of();
        }
        return all;
    }

    private static Map<String, String> assignments(String text) {
        var map = new HashMap<String, String>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                map.put(line.substring(0, equals), line.substring(equals + 1).replaceAll("^[\"']|[\"']$", ""));
            }
        });
        return map;
    }

    private static String text(String path) {
        try (var in = Files.newInputStream(Path.of(path))) {
            return new String(in.readNBytes(FILE_CHARS_MAX), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException missing) {
            return "";
        }
    }

    /** The machine's record, which begins with the boot. */
    public MachineModel model(String muid, long version, long bootMicros, long nowMicros, String clusterName) {
        return new MachineModel(
                new Life(muid, version, nowMicros, bootMicros, Life.OPEN),
                hostname,
                clusterName,
                os,
                kernel,
                arch,
                cpuModel,
                cores,
                memoryBytes,
                addresses);
    }
}
