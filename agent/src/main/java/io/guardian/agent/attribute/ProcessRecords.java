package io.guardian.agent.attribute;

import io.guardian.agent.workload.UserNames;
import io.guardian.core.event.ExeOrigin;
import io.guardian.core.event.Life;
import io.guardian.core.event.Owner;
import io.guardian.core.event.Place;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.id.Uids;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.util.List;
import java.util.Optional;

/** Writes the records of processes. */
public final class ProcessRecords {
    private final AgentIdentity identity;
    private final BootClock clock;
    private final Redaction redaction;
    private final UserNames hostUsers;
    private final RootView hostView;
    private final MountPoints hostMounts;

    /**
     * @param hostUsers names of users of processes that are in no workload
     * @param hostView the machine's root, which services have too
     * @param hostMounts what else is mounted on the machine
     */
    public ProcessRecords(
            AgentIdentity identity,
            BootClock clock,
            Redaction redaction,
            UserNames hostUsers,
            RootView hostView,
            MountPoints hostMounts) {
        this.identity = identity;
        this.clock = clock;
        this.redaction = redaction;
        this.hostUsers = hostUsers;
        this.hostView = hostView;
        this.hostMounts = hostMounts;
    }

    public BootClock clock() {
        return clock;
    }

    /** What evaluation looks at in an image whose exec was seen. */
    Program program(ProcessImage image, Optional<Instance> instance) {
        return program(image, instance, executable(image, instance));
    }

    /**
     * The same for one that was found running. That its file is gone by now says nothing: whoever upgrades a package
     * deletes what runs.
     */
    Program found(ProcessImage image, Optional<Instance> instance) {
        var executable = executable(image, instance);
        return program(
                image,
                instance,
                executable.origin() == ExeOrigin.DELETED
                        ? new Executable(executable.path(), ExeOrigin.UNKNOWN)
                        : executable);
    }

    private Program program(ProcessImage image, Optional<Instance> instance, Executable executable) {
        var user = userName(instance, image.credentials().euid());
        return Program.of(
                image.comm(),
                executable,
                user,
                instance.filter(Instance::isContainer).isPresent());
    }

    private Executable executable(ProcessImage image, Optional<Instance> instance) {
        var container = instance.filter(Instance::isContainer);
        if (container.isEmpty()) {
            return hostView.executable(image, hostMounts);
        }
        var view = container.get().view();
        if (!view.isKnown()) {
            var first = RootView.of(image);
            if (first.isKnown() && first.isOther(hostView)) {
                container.get().view(first);
            }
        }
        return container.get().view().executable(image, MountPoints.NONE);
    }

    /**
     * The user in the workload's own user namespace, or in the host's outside of every workload: a process may make one
     * in which it is root.
     */
    String userName(Optional<Instance> instance, long onHost) {
        return instance.map(where -> where.userName(onHost)).orElseGet(() -> hostUsers.nameOf(onHost));
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
                program.path(),
                program.origin(),
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
