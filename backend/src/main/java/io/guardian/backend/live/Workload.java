package io.guardian.backend.live;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.ContainerModel;
import io.guardian.core.event.Event;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.core.event.Owner;
import io.guardian.core.event.ProcessModel;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One instance of a workload: a container, or a service from its first process to its last. */
final class Workload {
    private static final int MAX_OPEN = 100_000;

    private final String org;
    private final String uid;
    private final Behaving behaving = new Behaving();
    private final Set<String> open = new HashSet<>();
    private Optional<ContainerModel> container = Optional.empty();
    private String muid = "";
    private String serviceCgroup = "";
    private String rootUid = "";
    private long firstMicros = Long.MAX_VALUE;
    private long latestMicros;
    private long endMicros = -1;

    Workload(String org, String uid) {
        this.org = org;
        this.uid = uid;
    }

    void take(Event event) {
        latestMicros = Math.max(latestMicros, event.timeMicros());
        switch (event) {
            case ProcessModel process -> process(process);
            case ConnectionModel connection -> {
                owner(connection.owner());
                behaving.connection(connection);
            }
            case ListeningSocketModel socket -> {
                owner(socket.owner());
                behaving.socket(socket);
            }
            case ContainerModel model -> container(model);
            default -> {
                // Nothing else belongs to a workload.
            }
        }
    }

    private void process(ProcessModel process) {
        owner(process.owner());
        firstMicros = Math.min(firstMicros, process.life().fromMicros());
        if (rootUid.isEmpty() && process.place().root()) {
            rootUid = process.id();
        }
        behaving.process(process);
        if (process.life().isClosed()) {
            open.remove(process.id());
            if (open.isEmpty() && isService()) {
                endMicros = process.life().toMicros();
            }
        } else if (open.size() < MAX_OPEN) {
            open.add(process.id());
            endMicros = isService() ? -1 : endMicros;
        }
    }

    private void owner(Owner owner) {
        muid = owner.muid();
        if (!owner.isContainer() && serviceCgroup.isEmpty()) {
            serviceCgroup = owner.serviceCgroup();
        }
    }

    private void container(ContainerModel model) {
        if (container.isPresent() && container.get().version() > model.version()) {
            return;
        }
        container = Optional.of(model);
        muid = model.muid();
        firstMicros = Math.min(firstMicros, model.life().fromMicros());
        if (model.life().isClosed()) {
            endMicros = model.life().toMicros();
        }
    }

    String org() {
        return org;
    }

    String uid() {
        return uid;
    }

    Behaving behaving() {
        return behaving;
    }

    Optional<ContainerModel> container() {
        return container;
    }

    boolean isService() {
        return container.isEmpty() && !serviceCgroup.isEmpty();
    }

    String serviceCgroup() {
        return serviceCgroup;
    }

    String muid() {
        return muid;
    }

    String rootUid() {
        return container
                .map(ContainerModel::rootPuid)
                .filter(root -> !root.isEmpty())
                .orElse(rootUid);
    }

    long firstMicros() {
        return firstMicros == Long.MAX_VALUE ? latestMicros : firstMicros;
    }

    long latestMicros() {
        return latestMicros;
    }

    boolean isOver() {
        return endMicros >= 0;
    }

    long endMicros() {
        return endMicros;
    }

    /** Whether enough is known to say which workload it is. Pause containers never are one. */
    boolean isKnown() {
        return isService()
                || container
                        .map(model -> !model.sandbox() && !model.image().isEmpty())
                        .orElse(false);
    }
}
