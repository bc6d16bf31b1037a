package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupMembers;
import io.guardian.agent.workload.cgroup.CgroupOwners;
import io.guardian.agent.workload.file.PasswdFile;
import io.guardian.agent.workload.file.ResolvConf;
import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.agent.workload.runtime.ContainerSource;
import io.guardian.agent.workload.runtime.PlaceSource;
import io.guardian.agent.workload.runtime.RuntimeContainer;
import io.guardian.ebpf.UidMap;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds what is still unknown of a container, one attempt at a time: its runtime's files, then the runtimes themselves,
 * then the files inside it. When its patience ends, what is unknown counts as unsaid, and the search goes on slowly.
 */
final class FactFinder {

    private static final List<Duration> DELAYS =
            List.of(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100));
    private static final Duration DELAY_LATER = Duration.ofMillis(250);
    private static final Duration DELAY_SETTLED = Duration.ofSeconds(60);
    private static final int ATTEMPTS_MAX = 200;

    private final WorkloadOptions options;
    private final Clock clock;
    private final WorkloadTable table;
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong settledByTime = new AtomicLong();

    FactFinder(WorkloadOptions options, Clock clock, WorkloadTable table) {
        this.options = options;
        this.clock = clock;
        this.table = table;
    }

    long unanswered() {
        return unanswered.get();
    }

    long settledByTime() {
        return settledByTime.get();
    }

    /** One attempt. @return after how long to try again; empty when all is known or the workload has ended */
    Optional<Duration> find(Tracked tracked) {
        if (tracked.isEnded() || !(tracked.workload() instanceof ContainerWorkload container)) {
            return Optional.empty();
        }
        // A container may have lived between two sweeps only.
        tracked.hasEmptied(options.tree().isPopulated(tracked.place()));
        boolean last = tracked.isEndDue();
        askPlaces(tracked);
        askRuntimes(tracked, container);
        readFiles(tracked);
        Optional<Duration> again = settle(tracked, last);
        if (!tracked.isEnded() && !tracked.workload().isPending()) {
            table.endIfDue(tracked);
        }
        return tracked.isEnded() ? Optional.empty() : again;
    }

    /** @param last whether this attempt was made after the last process was gone */
    private Optional<Duration> settle(Tracked tracked, boolean last) {
        if (tracked.workload() instanceof ContainerWorkload now && isComplete(now)) {
            return Optional.empty();
        }
        boolean settled = !tracked.workload().isPending();
        boolean patient = clock.instant().isBefore(tracked.appearedAt().plus(options.patience()));
        if (!settled && (last || !patient)) {
            settle(tracked);
            settled = true;
        }
        int attempt = tracked.nextAttempt();
        if (attempt >= ATTEMPTS_MAX) {
            return Optional.empty();
        }
        return Optional.of(settled ? DELAY_SETTLED : attempt < DELAYS.size() ? DELAYS.get(attempt) : DELAY_LATER);
    }

    /** What was not said of a container in time may still be, when its runtime comes back. */
    private static boolean isComplete(ContainerWorkload container) {
        return !container.isPending() && container.facts().isComplete();
    }

    private void askPlaces(Tracked tracked) {
        for (PlaceSource source : options.places()) {
            source.at(tracked.place()).ifPresent(found -> takeIn(tracked, found));
        }
    }

    private void askRuntimes(Tracked tracked, ContainerWorkload container) {
        for (ContainerSource source : options.sources()) {
            if (!source.mayKnow(container.facts())) {
                continue;
            }
            switch (source.ask(container.id())) {
                case ContainerSource.Answer.Found(RuntimeContainer found) -> {
                    takeIn(tracked, found);
                    return;
                }
                case ContainerSource.Answer.NotHere() -> {}
                case ContainerSource.Answer.Unreachable(String reason) -> unanswered.incrementAndGet();
            }
        }
    }

    private void takeIn(Tracked tracked, RuntimeContainer found) {
        tracked.confirm();
        if (!tracked.files().isKnown()) {
            tracked.files(found.files());
        }
        table.update(tracked, workload -> WorkloadTable.merged(workload, found.facts()));
    }

    private void readFiles(Tracked tracked) {
        if (!(tracked.workload() instanceof ContainerWorkload container) || container.filesRead()) {
            return;
        }
        Optional<ContainerFiles> files = tracked.files().isKnown()
                ? Optional.of(tracked.files())
                : rootOfAProcess(tracked)
                        .map(root -> new ContainerFiles(
                                root, List.of(), tracked.files().uids()));
        files.filter(known -> isMounted(onHost(known.rootFolder()))).ifPresent(known -> {
            UserNames users = read(known, "/etc/passwd")
                    .or(() -> passwdOfAProcess(tracked))
                    .map(PasswdFile::parse)
                    .orElse(UserNames.NONE);
            Resolvers resolvers =
                    read(known, "/etc/resolv.conf").map(ResolvConf::parse).orElse(Resolvers.NONE);
            with(tracked, users, resolvers, known.uids());
        });
    }

    /** Between a stop and the next start the folder is there, but empty: what it should hold is not mounted. */
    private static boolean isMounted(Path root) {
        try (var entries = Files.newDirectoryStream(root)) {
            return entries.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException away) {
            return false;
        }
    }

    private void with(Tracked tracked, UserNames users, Resolvers resolvers, UidMap uids) {
        table.update(tracked, workload -> switch (workload) {
            case ContainerWorkload known -> known.with(users, resolvers.and(options.resolvers()), uids);
            case ServiceWorkload service -> service;
        });
    }

    /** An agent in a container may have the folder without what is mounted there; the container's own view has it. */
    private Optional<String> passwdOfAProcess(Tracked tracked) {
        return rootOfAProcess(tracked).flatMap(root -> options.files().read(Path.of(root), "/etc/passwd"));
    }

    private Optional<String> rootOfAProcess(Tracked tracked) {
        return CgroupMembers.pids(options.tree(), tracked.place()).stream()
                .map(pid -> "/proc/" + pid + "/root")
                .filter(root -> !isHosts(Path.of(root)))
                .findFirst();
    }

    /** The runtime's own code is in the cgroup before it goes to the container's root: it still has the host's. */
    private boolean isHosts(Path root) {
        try {
            return Files.isSameFile(root, options.hostRoot());
        } catch (IOException gone) {
            return true;
        }
    }

    /** What is mounted over the file's path is read in its place; the runtime made that mount, not the container. */
    private Optional<String> read(ContainerFiles files, String inside) {
        return files.mounts().stream()
                .filter(mount ->
                        mount.destination().equals(inside) && mount.type().equals("bind"))
                .findFirst()
                .map(mount -> options.files().read(options.hostRoot(), mount.source()))
                .orElseGet(() -> options.files().read(onHost(files.rootFolder()), inside));
    }

    /**
     * Runtimes name folders as the host sees them, which an agent in a container reaches below the host's root only.
     */
    private Path onHost(String folder) {
        var path = Path.of(folder);
        boolean reachable = path.startsWith(options.hostRoot()) || path.startsWith("/proc");
        return reachable || !path.isAbsolute() ? path : options.hostRoot().resolve(folder.substring(1));
    }

    private void settle(Tracked tracked) {
        boolean empty = !options.tree().isPopulated(tracked.place());
        boolean inService = CgroupOwners.service(tracked.place()).isPresent();
        if (!tracked.isConfirmed() && (empty || inService)) {
            table.refute(tracked);
            return;
        }
        settledByTime.incrementAndGet();
        Instant appearedAt = tracked.appearedAt();
        if (tracked.workload() instanceof ContainerWorkload container && !container.filesRead()) {
            with(tracked, UserNames.NONE, Resolvers.NONE, tracked.files().uids());
        }
        table.update(tracked, workload -> switch (workload) {
            case ContainerWorkload known -> known.with(known.facts().settled(appearedAt));
            case ServiceWorkload service -> service;
        });
    }
}
