package io.guardian.ebpf;

import java.util.List;

/**
 * What this sensor can see on this machine.
 *
 * @param kernel the kernel's release
 * @param ringBytes size of the ring
 * @param takenOver true if the ring of an earlier run was taken over with what it held
 * @param programs each program and whether it is attached
 */
public record Capabilities(String kernel, long ringBytes, boolean takenOver, List<Program> programs) {

    public Capabilities {
        programs = List.copyOf(programs);
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
}
