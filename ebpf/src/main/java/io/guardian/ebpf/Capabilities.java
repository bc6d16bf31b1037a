package io.guardian.ebpf;

import java.util.List;
import java.util.Map;

/**
 * What this sensor can see on this machine, found by trying.
 *
 * @param kernel the kernel's release
 * @param architecture of the machine, as the JVM names it, such as {@code amd64} or {@code aarch64}
 * @param cgroups which cgroup hierarchies are mounted: {@code v2}, {@code hybrid}, or {@code v1 (CONTROLLER)}
 * @param ringBytes size of the ring
 * @param takenOver true if the ring of an earlier run was taken over with what it held
 * @param programs each program and whether it is attached
 * @param backEnds how each part of the work is done here
 * @param limits how many entries each map holds at most
 */
public record Capabilities(
        String kernel,
        String architecture,
        String cgroups,
        long ringBytes,
        boolean takenOver,
        List<Program> programs,
        List<BackEnd> backEnds,
        Map<String, Long> limits) {

    public Capabilities {
        programs = List.copyOf(programs);
        backEnds = List.copyOf(backEnds);
        limits = Map.copyOf(limits);
    }

    /** True if all programs are attached that every kernel should allow. */
    public boolean complete() {
        return missing().isEmpty();
    }

    /** Whether every socket is seen at its making, and not only those that are still open at the next sweep. */
    public boolean seesSocketsMade() {
        return programs.stream()
                .anyMatch(program -> program.name().equals(KernelProgram.ON_SOCKET.function()) && program.attached());
    }

    /** The programs that should be attached and aren't. */
    public List<Program> missing() {
        return programs.stream()
                .filter(program -> !program.attached() && !program.optional())
                .toList();
    }

    /**
     * One program.
     *
     * @param name its name
     * @param attached true if it runs
     * @param optional true if older kernels can't have it and little is lost without it
     * @param reason why it doesn't, empty if it does
     */
    public record Program(String name, boolean attached, boolean optional, String reason) {}

    /**
     * How a part of the work is done.
     *
     * @param part the part, such as {@code connect}
     * @param choice the way that was chosen, or what came of trying one that isn't used yet
     */
    public record BackEnd(String part, String choice) {}
}
