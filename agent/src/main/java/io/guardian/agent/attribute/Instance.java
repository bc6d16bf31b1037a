package io.guardian.agent.attribute;

import io.guardian.agent.attribute.dns.DnsNames;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.Workload;
import io.guardian.core.event.Owner;
import io.guardian.core.id.PodContainerUid;
import io.guardian.core.id.Uids;
import io.guardian.core.text.Json;
import io.guardian.ebpf.UidMap;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * What the agent keeps for one workload while it lives: what is known of it and its tree of images. Its uids are fixed
 * when it is first used, which is after its facts are known. Touched by the pipeline's thread.
 */
public final class Instance {
    /** Most images that are kept for one workload. */
    public static final int IMAGES_MAX = 10_000;

    private static final int CGROUPS_MAX = 256;

    private final Image top = Image.top();
    private final String containerUid;
    private final String fingerprintUid;
    private final DnsNames names;
    private final LongPaths paths = new LongPaths();
    private Workload workload;
    private int images;
    private boolean changed = true;
    private boolean servesDns;
    private final Set<Long> cgroups = new HashSet<>(4);
    private boolean hasManyCgroups;
    private String rootPuid;
    private long recordVersion;
    private RootView view;
    private Optional<UidMap> numbers;
    private Optional<Owner> owner = Optional.empty();

    /** @param kept the uids that an earlier run gave it; nothing if it is new */
    public Instance(Workload workload, AgentIdentity identity, Json.Obj kept) {
        this.workload = workload;
        cgroups.add(workload.cgroupId());
        names = new DnsNames(Set.copyOf(workload.resolvers().addresses()));
        switch (workload) {
            case ContainerWorkload container -> {
                long createdMicros = micros(created(container));
                containerUid = kept.string("cu").orElseGet(() -> containerUid(container, identity, createdMicros));
                fingerprintUid = kept.string("fp")
                        .orElseGet(() -> Uids.containerFingerprint(
                                identity.muid(), Math.floorDiv(createdMicros, 1_000_000L), containerId(container)));
            }
            case ServiceWorkload service -> {
                containerUid = "";
                fingerprintUid = kept.string("fp")
                        .orElseGet(() -> Uids.serviceFingerprint(
                                identity.muid(),
                                service.startedAt().getEpochSecond(),
                                service.unit(),
                                service.mainPid()));
            }
        }
        rootPuid = kept.text("root");
        view = RootView.read(kept.object("view"));
        numbers = UidMap.parse(kept.text("uids"));
        recordVersion = kept.number("cv").map(Json.Num::asLong).orElse(0L);
    }

    private static Instant created(ContainerWorkload container) {
        return container.facts().createdAt().asOptional().orElse(Instant.EPOCH);
    }

    private static String containerUid(ContainerWorkload container, AgentIdentity identity, long createdMicros) {
        Optional<String> declared =
                identity.clusterUid().isEmpty() ? Optional.empty() : declared(container, identity.clusterUid());
        return declared.orElseGet(() -> Uids.container(identity.muid(), createdMicros, containerId(container)));
    }

    /**
     * The uid that the cluster's monitor gives the same container, when all is told that it's made of. A sandbox is no
     * container that a pod declares.
     */
    private static Optional<String> declared(ContainerWorkload container, String cluster) {
        ContainerFacts facts = container.facts();
        int restarts = facts.details().restartCount();
        boolean sandbox = facts.sandbox().asOptional().orElse(false);
        Optional<String> pod = facts.pod().asOptional().map(PodFacts::uid).filter(uid -> !uid.isEmpty());
        Optional<String> name = facts.name().asOptional().filter(text -> !text.isEmpty());
        return sandbox || restarts < 0 || pod.isEmpty() || name.isEmpty()
                ? Optional.empty()
                : Optional.of(new PodContainerUid(pod.get(), name.get(), restarts).in(cluster));
    }

    private static String containerId(ContainerWorkload container) {
        return container.id().isDigest()
                ? container.id().text()
                : container.id().shortHex();
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000L + time.getNano() / 1000;
    }

    public Workload workload() {
        return workload;
    }

    public void update(Workload newer) {
        if (newer.cgroupId() != workload.cgroupId()) {
            // Stopped and started again: its root is mounted anew.
            view = RootView.UNKNOWN;
        }
        if (!idOf(newer).equals(idOf(workload)) || !newer.cgroup().equals(workload.cgroup())) {
            owner = Optional.empty();
        }
        workload = newer;
        noteCgroup(newer.cgroupId());
    }

    /** A process of it is or was in this cgroup. */
    void noteCgroup(long cgroupId) {
        if (cgroups.size() < CGROUPS_MAX) {
            cgroups.add(cgroupId);
        } else if (!cgroups.contains(cgroupId)) {
            hasManyCgroups = true;
        }
    }

    /** Whether something is so of any cgroup that its processes are or were in; if those are too many, it is. */
    boolean isAnyCgroup(LongPredicate so) {
        if (hasManyCgroups) {
            return true;
        }
        for (long id : cgroups) {
            if (so.test(id)) {
                return true;
            }
        }
        return false;
    }

    private static String idOf(Workload workload) {
        return switch (workload) {
            case ContainerWorkload container -> container.id().text();
            case ServiceWorkload service -> "";
        };
    }

    public Image top() {
        return top;
    }

    /** Whether one more image may be kept; call it once for each new image. */
    public boolean takeImagePlace() {
        return images++ < IMAGES_MAX;
    }

    /** Images made so far; more than {@link #IMAGES_MAX} if some were not kept. */
    public int images() {
        return images;
    }

    /** Its executables whose paths are long. */
    LongPaths paths() {
        return paths;
    }

    /** The names that its processes know for addresses. */
    public DnsNames names() {
        return names;
    }

    /** It answers questions of its own; what it hears over loopback may be its own words from now on. */
    void noteDnsServer() {
        servesDns = true;
    }

    boolean servesDns() {
        return servesDns;
    }

    public String containerUid() {
        return containerUid;
    }

    public String fingerprintUid() {
        return fingerprintUid;
    }

    /** Image of its first process, empty if that isn't known. */
    public String rootPuid() {
        return rootPuid;
    }

    public void rootPuid(String puid) {
        rootPuid = puid;
        changed = true;
    }

    public long recordVersion() {
        return recordVersion;
    }

    public void recordVersion(long version) {
        recordVersion = version;
        changed = true;
    }

    /**
     * How its first process saw its root; unknown until that was seen, and always for a service, which has the host's.
     */
    RootView view() {
        return view;
    }

    /** @param firstNumbers how its user namespace numbers users, if that is not the host's */
    void view(RootView first, Optional<UidMap> firstNumbers) {
        view = first;
        numbers = firstNumbers;
        changed = true;
    }

    /** How its user namespace numbers users, for a restart; empty if only its runtime says so. */
    String numbers() {
        return numbers.map(UidMap::text).orElse("");
    }

    boolean isContainer() {
        return workload instanceof ContainerWorkload;
    }

    /** Whether anything changed since this was last asked that a restart must not forget. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** How records name it; always the same object, since thousands of records hold it. */
    public Owner owner(String muid) {
        if (owner.isEmpty()) {
            owner = Optional.of(makeOwner(muid));
        }
        return owner.get();
    }

    private Owner makeOwner(String muid) {
        return switch (workload) {
            case ContainerWorkload container ->
                new Owner(
                        muid,
                        container.cgroup().text(),
                        containerUid,
                        container.id().text(),
                        "",
                        fingerprintUid);
            case ServiceWorkload service ->
                new Owner(
                        muid, service.cgroup().text(), "", "", service.cgroup().text(), fingerprintUid);
        };
    }

    /**
     * The effective uid of a process in the workload's own user namespace, so that nobody becomes root by making a
     * namespace inside.
     *
     * @param user the effective user as the kernel told it
     */
    long uidInside(SeenUser user) {
        boolean told = view.isKnown() && user.namespace() == view.userNamespace() && user.inNamespace() >= 0;
        return told ? user.inNamespace() : Workload.uidInside(user.onHost(), numbers.orElseGet(workload::uids));
    }
}
