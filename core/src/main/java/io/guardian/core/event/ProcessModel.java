package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.util.List;

/**
 * One process image: what one exec made (or a fork that changed its user).
 *
 * @param owner machine and workload
 * @param place where it stands in the workload's tree
 * @param name the kernel's command name at exec
 * @param exe resolved path of the executable in the workload's root, or {@code unknown}
 * @param origin where the executable comes from
 * @param args its arguments, secrets replaced
 * @param script path of the script, if the executable is its interpreter
 * @param pid host pid
 * @param ppid host pid of its maker
 * @param ppuid uid of the image above it, empty if that is unknown
 * @param users its users
 * @param cwd working directory, if known
 * @param ancestors the images above it, nearest first
 * @param interactive true if it has a terminal
 * @param otherSockets kinds of sockets it has that no connection record tells of, such as {@code packet}, {@code raw}
 *     and {@code vsock}, in the order in which they were seen
 * @param exit wait status of the kernel, -1 while it runs or when another image took the process over
 * @param life envelope
 */
public record ProcessModel(
        Life life,
        Owner owner,
        Place place,
        String name,
        String exe,
        ExeOrigin origin,
        List<String> args,
        String script,
        int pid,
        int ppid,
        String ppuid,
        Users users,
        String cwd,
        List<Ancestor> ancestors,
        boolean interactive,
        List<String> otherSockets,
        int exit)
        implements Event {

    /** An image above another. */
    public record Ancestor(String uid, String name) {}

    /**
     * Names as the workload's own user list has them; ids as the host sees them, -1 if not known.
     *
     * @param auser login user, empty without a login
     * @param euser effective user: this version's, see {@link Place#lineage}
     * @param workloadEuid the effective uid in the workload's user namespace, which may number users otherwise; never
     *     that of a namespace that a process has made for itself
     */
    public record Users(
            String auser, String euser, long auid, long euid, long workloadEuid, long egid, String session) {

        /** With another effective user. */
        public Users with(String newEuser, long newEuid, long newWorkloadEuid) {
            return new Users(auser, newEuser, auid, newEuid, newWorkloadEuid, egid, session);
        }
    }

    public ProcessModel {
        args = List.copyOf(args);
        ancestors = List.copyOf(ancestors);
        otherSockets = List.copyOf(otherSockets);
    }

    @Override
    public EventKind kind() {
        return EventKind.PROCESS;
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

    /** What is compared of the executable. */
    public String exeIdentity() {
        return ExeIdentity.of(exe, origin, owner.isContainer());
    }

    /** The same image in another version. */
    public ProcessModel with(Life newLife, int newExit) {
        return new ProcessModel(
                newLife,
                owner,
                place,
                name,
                exe,
                origin,
                args,
                script,
                pid,
                ppid,
                ppuid,
                users,
                cwd,
                ancestors,
                interactive,
                otherSockets,
                newExit);
    }

    @Override
    public Json.Obj toJson() {
        var out = life.begin(kind())
                .put("name", name)
                .put("exe", exe)
                .put("exe_origin", origin.toString())
                .put("args", Json.strings(args))
                .putUnlessEmpty("script", script)
                .put("pid", pid)
                .put("ppid", ppid)
                .putUnlessEmpty("ppuid", ppuid)
                .putUnlessEmpty("auser", users.auser())
                .put("euser", users.euser());
        owner.write(out);
        place.write(out);
        out.put("ancestors", Json.strings(ancestors.stream().map(Ancestor::name).toList()))
                .put(
                        "ancestor_uids",
                        Json.strings(ancestors.stream().map(Ancestor::uid).toList()))
                .put("interactive", interactive)
                .put("thread", false)
                .put("type", "normal")
                .put("create_time", Seconds.json(life.fromMicros()));
        putKnown(out, "auid", users.auid());
        putKnown(out, "euid", users.euid());
        putKnown(out, "workload_euid", users.workloadEuid());
        putKnown(out, "egid", users.egid());
        out.putUnlessEmpty("sid", users.session()).putUnlessEmpty("cwd", cwd);
        if (!otherSockets.isEmpty()) {
            out.put("other_sockets", Json.strings(otherSockets));
        }
        putKnown(out, "exit", exit);
        return out.build();
    }

    private static void putKnown(Json.ObjBuilder out, String key, long value) {
        if (value >= 0) {
            out.put(key, value);
        }
    }

    static ProcessModel read(Fields in) {
        return new ProcessModel(
                Life.read(in),
                Owner.read(in),
                Place.read(in),
                in.text("name"),
                in.textOr("exe", "unknown"),
                ExeOrigin.parse(in.textOr("exe_origin", "")),
                in.texts("args"),
                in.textOr("script", ""),
                in.intOr("pid", 0),
                in.intOr("ppid", 0),
                in.textOr("ppuid", ""),
                new Users(
                        in.textOr("auser", ""),
                        in.textOr("euser", ""),
                        in.wholeOr("auid", -1),
                        in.wholeOr("euid", -1),
                        in.wholeOr("workload_euid", -1),
                        in.wholeOr("egid", -1),
                        in.textOr("sid", "")),
                in.textOr("cwd", ""),
                ancestors(in.texts("ancestor_uids"), in.texts("ancestors")),
                in.flag("interactive"),
                in.texts("other_sockets"),
                in.intOr("exit", -1));
    }

    private static List<Ancestor> ancestors(List<String> uids, List<String> names) {
        return java.util.stream.IntStream.range(0, Math.min(uids.size(), names.size()))
                .mapToObj(i -> new Ancestor(uids.get(i), names.get(i)))
                .toList();
    }
}
