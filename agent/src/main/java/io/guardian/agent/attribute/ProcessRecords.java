package io.guardian.agent.attribute;

import io.guardian.agent.workload.UserNames;
import io.guardian.core.event.Life;
import io.guardian.core.event.Owner;
import io.guardian.core.event.Place;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.id.Uids;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the records of processes. */
public final class ProcessRecords {
    private final AgentIdentity identity;
    private final BootClock clock;
    private final Redaction redaction;
    private final UserNames hostUsers;

    /** @param hostUsers names of users of processes that are in no workload */
    public ProcessRecords(AgentIdentity identity, BootClock clock, Redaction redaction, UserNames hostUsers) {
        this.identity = identity;
        this.clock = clock;
        this.redaction = redaction;
        this.hostUsers = hostUsers;
    }

    public BootClock clock() {
        return clock;
    }

    /** What evaluation looks at in this image. */
    Program program(ProcessImage image, Optional<Instance> instance) {
        return new Program(
                image.comm(),
                image.exe().path(),
                userName(
                        instance,
                        image.credentials().euidInNamespace(),
                        image.credentials().euid()),
                image.exe().origin());
    }

    /**
     * In a workload the workload's own user namespace counts, since a process may make one in which it is root.
     *
     * @param inNamespace the uid in the process's user namespace, for one outside every workload; if it has none there,
     *     the host's is used
     */
    String userName(Optional<Instance> instance, long inNamespace, long onHost) {
        if (instance.isPresent()) {
            return instance.get().userName(onHost);
        }
        if (inNamespace == Header.NO_UID) {
            return Long.toString(onHost);
        }
        return hostUsers.nameOf(inNamespace);
    }

    Owner owner(Optional<Instance> instance, String cgroup) {
        return instance.map(where -> where.owner(identity.muid())).orElseGet(() -> Owner.host(identity.muid(), cgroup));
    }

    static Place place(Image image) {
        return image.isTop()
                ? Place.NONE
                : new Place(
                        image.lineage().text(), image.parent().lineage().text(), image.isRoot(), image.isUncertain());
    }

    String uid(ProcessKey key, int ordinal) {
        return Uids.process(identity.muid(), clock.wallSeconds(key.startBootNanos()), key.tgid(), ordinal);
    }

    /**
     * The first version of an image's record.
     *
     * @param process the process, already being this image
     * @param above the record of the image that called exec, or that was forked
     */
    ProcessModel first(
            LiveProcess process,
            ProcessImage seen,
            Program program,
            String script,
            Optional<ImageRecord> above,
            long atBootNanos) {
        var credentials = seen.credentials();
        boolean loggedIn = credentials.loginUid() != Header.NO_UID;
        var users = new ProcessModel.Users(
                loggedIn ? hostUsers.nameOf(credentials.loginUid()) : "",
                program.user(),
                credentials.loginUid(),
                credentials.euid(),
                credentials.egid(),
                "");
        return new ProcessModel(
                Life.begun(uid(process.key(), seen.ordinal()), clock.wallMicros(atBootNanos)),
                owner(process.instance(), ""),
                place(process.image()),
                program.name(),
                program.exe(),
                program.origin().name().toLowerCase(Locale.ROOT),
                redaction.of(seen.args(), seen.argsCut()),
                script,
                process.pid(),
                process.parentPid() == 0 ? seen.parent().tgid() : process.parentPid(),
                above.map(ImageRecord::uid).orElse(""),
                users,
                "",
                above.map(ImageRecord::ancestorsBelow).orElse(List.of()),
                seen.tty() != 0,
                -1);
    }

    /** The record of a fork that changed its user: that of the image it was, under its own uid. */
    ProcessModel forked(
            LiveProcess process, ImageRecord above, Image image, String euser, long euid, long atBootNanos) {
        var model = above.model();
        var users = model.users();
        return new ProcessModel(
                Life.begun(uid(process.key(), 0), clock.wallMicros(atBootNanos)),
                model.owner(),
                place(image),
                model.name(),
                model.exe(),
                model.origin(),
                model.args(),
                model.script(),
                process.pid(),
                process.parentPid() == 0 ? above.owner().tgid() : process.parentPid(),
                above.uid(),
                new ProcessModel.Users(users.auser(), euser, users.auid(), euid, users.egid(), users.session()),
                model.cwd(),
                above.ancestorsBelow(),
                model.interactive(),
                -1);
    }
}
