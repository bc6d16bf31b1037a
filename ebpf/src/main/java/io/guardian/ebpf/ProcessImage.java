package io.guardian.ebpf;

import java.util.List;

/**
 * What one exec made of a process: its program and the surroundings it runs in. Bytes that are not UTF-8 are U+FFFD.
 *
 * @param key the process
 * @param parent its parent now (it changes when a parent dies; a {@link KernelRecord.Fork} has the first one)
 * @param ordinal how many execs this process has made, from 1 with its first; 0 for a fork that has not made one
 * @param cgroupId the id of its cgroup v2
 * @param comm the kernel's name of it at exec, at most 15 bytes
 * @param exe its executable file
 * @param root its root folder; the first process of a container has the container's
 * @param args at most 64 arguments and 4,096 bytes
 * @param argsCut true if there were more arguments than that, or they could not be read
 * @param credentials its users
 * @param namespaces its namespaces
 * @param namespacePid its pid in its own pid namespace
 * @param processGroup its process group, as the host sees it
 * @param session its session, as the host sees it
 * @param tty device number of its terminal, 0 without one
 */
public record ProcessImage(
        ProcessKey key,
        ProcessKey parent,
        int ordinal,
        long cgroupId,
        String comm,
        ExeFile exe,
        FileLocation root,
        List<String> args,
        boolean argsCut,
        Credentials credentials,
        Namespaces namespaces,
        int namespacePid,
        int processGroup,
        int session,
        int tty) {

    public ProcessImage {
        args = args instanceof PackedTexts ? args : List.copyOf(args);
    }

    /** About how many bytes of memory its texts take. */
    public int textBytes() {
        int argBytes = args instanceof PackedTexts packed
                ? packed.bytes()
                : args.stream().mapToInt(String::length).sum();
        return argBytes + exe.path().length() + comm.length();
    }

    /** The same under another name: another reading may know its start more exactly. */
    public ProcessImage withKey(ProcessKey better) {
        return with(better, ordinal, cgroupId);
    }

    /** The same as this exec of its process. */
    public ProcessImage withOrdinal(int execs) {
        return with(key, execs, cgroupId);
    }

    /** The same in this cgroup. */
    public ProcessImage withCgroupId(long id) {
        return with(key, ordinal, id);
    }

    private ProcessImage with(ProcessKey newKey, int newOrdinal, long newCgroupId) {
        return new ProcessImage(
                newKey,
                parent,
                newOrdinal,
                newCgroupId,
                comm,
                exe,
                root,
                args,
                argsCut,
                credentials,
                namespaces,
                namespacePid,
                processGroup,
                session,
                tty);
    }
}
