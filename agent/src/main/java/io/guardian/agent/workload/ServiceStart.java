package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupMembers;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.file.PasswdFile;
import io.guardian.agent.workload.file.ResolvConf;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Takes in an instance of a service: finds its first process and reads the host's names. */
final class ServiceStart {

    private final WorkloadOptions options;
    private final Clock clock;
    private UserNames users = UserNames.NONE;
    private Resolvers resolvers = Resolvers.NONE;

    ServiceStart(WorkloadOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
    }

    /** @param process the process that an event speaks of, which may be gone by now */
    ServiceWorkload at(CgroupPath place, Optional<FirstProcess> process) {
        FirstProcess first = Stream.concat(process.stream(), members(place))
                .min(Comparator.comparing(FirstProcess::startedAt))
                .orElseGet(() -> new FirstProcess(0, clock.instant()));
        long cgroupId = options.tree().idOf(place).orElse(0L);
        readHostFiles();
        return new ServiceWorkload(
                ServiceWorkload.keyOf(place, cgroupId, first.pid()),
                place,
                cgroupId,
                first.pid(),
                first.startedAt(),
                users,
                resolvers);
    }

    /** Thousands of services hold one object as long as the files say the same. */
    private void readHostFiles() {
        var usersNow = hostFile("/etc/passwd").map(PasswdFile::parse).orElse(UserNames.NONE);
        users = usersNow.equals(users) ? users : usersNow;
        var resolversNow = hostFile("/etc/resolv.conf")
                .map(ResolvConf::parse)
                .orElse(Resolvers.NONE)
                .and(options.resolvers());
        resolvers = resolversNow.equals(resolvers) ? resolvers : resolversNow;
    }

    private Stream<FirstProcess> members(CgroupPath place) {
        return CgroupMembers.pids(options.tree(), place).stream()
                .flatMap(pid -> ProcessHandle.of(pid)
                        .flatMap(handle -> handle.info().startInstant())
                        .map(startedAt -> new FirstProcess(pid, startedAt))
                        .stream());
    }

    private Optional<String> hostFile(String path) {
        return options.files().read(options.hostRoot(), path);
    }
}
