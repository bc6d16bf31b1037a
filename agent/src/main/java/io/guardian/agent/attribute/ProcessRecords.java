package io.guardian.agent.attribute;

import io.guardian.agent.workload.runtime.ContainerFiles;
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
    private final Surroundings machine;
    private final Alike alike = new Alike(4096);
    private final TextRoom texts = new TextRoom();

    public ProcessRecords(AgentIdentity identity, BootClock clock, Redaction redaction, Surroundings machine) {
        this.identity = identity;
        this.clock = clock;
        this.redaction = redaction;
        this.machine = machine;
    }

    public BootClock clock() {
        return clock;
    }

    /** Where the texts of what lives find room. */
    TextRoom texts() {
        return texts;
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
        boolean inContainer = instance.filter(Instance::isContainer).isPresent();
        var program = Program.of(image.comm(), executable, userName(instance, SeenUser.of(image)), inContainer);
        return instance.map(where -> where.paths().fitting(program, inContainer, texts))
                .orElse(program);
    }

    private Executable executable(ProcessImage image, Optional<Instance> instance) {
        var container = instance.filter(Instance::isContainer);
        if (container.isEmpty()) {
            return machine.view().executable(image, machine.mounts());
        }
        takeView(container.get(), image);
        return container.get().view().executable(image, MountPoints.NONE);
    }

    /** The first process past the runtime's own code shows what the container's root is, and its user namespace. */
    private void takeView(Instance container, ProcessImage image) {
        var first = RootView.of(image);
        if (!container.view().isKnown() && first.isKnown() && first.isOther(machine.view())) {
            boolean hostsUsers = first.userNamespace() == machine.view().userNamespace();
            container.view(
                    first,
                    hostsUsers
                            ? Optional.of(ContainerFiles.SAME_UIDS)
                            : machine.numbers().of(image.key().tgid(), first.userNamespace()));
        }
    }

    /**
     * The user in the workload's own user namespace, or in the host's outside of every workload: a process may make one
     * in which it is root.
     */
    String userName(Optional<Instance> instance, SeenUser user) {
        return instance.map(where -> where.workload().userOf(where.uidInside(user)))
                .orElseGet(() -> machine.users().nameOf(user.onHost()));
    }

    long workloadUid(Optional<Instance> instance, SeenUser user) {
        return instance.map(where -> where.uidInside(user)).orElse(user.onHost());
    }

    Owner owner(Optional<Instance> instance, String cgroup) {
        return instance.map(where -> where.owner(identity.muid()))
                .orElseGet(() -> alike.one(Owner.host(identity.muid(), cgroup)));
    }

    static Place place(Image image) {
        return image.place();
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
                loggedIn ? machine.users().nameOf(credentials.loginUid()) : "",
                program.user(),
                credentials.loginUid(),
                credentials.euid(),
                workloadUid(process.instance(), SeenUser.of(seen)),
                credentials.egid(),
                "");
        // The texts of the image are those that all processes like this one share.
        var shared = process.image().program().equals(program) ? process.image().program() : alike(program);
        return new ProcessModel(
                Life.begun(uid(process.key(), seen.ordinal()), clock.wallMicros(atBootNanos)),
                owner(process.instance(), ""),
                place(process.image()),
                shared.name(),
                shared.path(),
                shared.origin(),
                redaction.of(seen.args(), seen.argsCut()),
                script,
                process.pid(),
                process.parentPid() == 0 ? seen.parent().tgid() : process.parentPid(),
                above.map(ImageRecord::uid).orElse(""),
                alike.one(users),
                "",
                above.map(ImageRecord::ancestorsBelow).orElse(List.of()),
                seen.tty() != 0,
                List.of(),
                -1);
    }

    private Program alike(Program program) {
        return program.path().length() > LongPaths.CHARS_FREE ? program : alike.one(program);
    }

    /** The same record with the objects that others like it hold. */
    ProcessModel shared(ProcessModel model, LiveProcess process) {
        var owner = owner(process.instance(), "");
        var image = process.image();
        var program = image.program();
        boolean same = program.path().equals(model.exe()) && program.name().equals(model.name());
        return with(
                model,
                owner.equals(model.owner()) ? owner : model.owner(),
                image.place().equals(model.place()) ? image.place() : model.place(),
                same ? program.name() : model.name(),
                same ? program.path() : model.exe(),
                alike.one(model.users()),
                model.ancestors());
    }

    /** As above, where it is not known yet what others hold. */
    static ProcessModel shared(ProcessModel model, Alike alike) {
        return with(
                model,
                alike.one(model.owner()),
                alike.one(model.place()),
                alike.one(model.name()),
                alike.one(model.exe()),
                alike.one(model.users()),
                alike.one(model.ancestors()));
    }

    private static ProcessModel with(
            ProcessModel model,
            Owner owner,
            Place place,
            String name,
            String exe,
            ProcessModel.Users users,
            List<ProcessModel.Ancestor> ancestors) {
        return new ProcessModel(
                model.life(),
                owner,
                place,
                name,
                exe,
                model.origin(),
                model.args(),
                model.script(),
                model.pid(),
                model.ppid(),
                model.ppuid(),
                users,
                model.cwd(),
                ancestors,
                model.interactive(),
                model.otherSockets(),
                model.exit());
    }

    /** The record of a fork that changed its user: that of the image it was, under its own uid. */
    ProcessModel forked(
            LiveProcess process, ImageRecord above, Image image, String euser, SeenUser user, long atBootNanos) {
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
                users.with(euser, user.onHost(), workloadUid(process.instance(), user)),
                model.cwd(),
                above.ancestorsBelow(),
                model.interactive(),
                model.otherSockets(),
                -1);
    }
}
