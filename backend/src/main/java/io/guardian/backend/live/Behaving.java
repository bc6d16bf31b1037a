package io.guardian.backend.live;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.fingerprint.FingerprintBuilder;
import io.guardian.core.net.Direction;
import io.guardian.core.net.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The behaviour of one workload instance, from records in any order.
 *
 * <p>An image's place is its lineage: records name their own and their parent's. What hangs on a lineage that is not
 * known yet is kept back until it is, up to a limit; {@link #giveUp} takes images without a known parent as uncertain
 * ones.
 */
final class Behaving {
    private static final int MAX_KEPT_BACK = 2_000;
    /** A little more than images, so that left out ones are known as such. */
    private static final int MAX_LINEAGES = FingerprintBuilder.MAX_NODES + 10_000;

    private static final int MAX_PORTS = 1_000;

    private final FingerprintBuilder builder = new FingerprintBuilder();
    private final Map<String, Integer> handles = new HashMap<>();
    private final List<ProcessModel> orphans = new ArrayList<>();
    private final List<ConnectionModel> strays = new ArrayList<>();
    private final Set<PortRange> listening = new HashSet<>();
    private long lost;

    FingerprintBuilder builder() {
        return builder;
    }

    /** Records that were left out because too many had to be kept back. */
    long lost() {
        return lost;
    }

    void process(ProcessModel process) {
        if (process.place().lineage().isEmpty()
                || handles.containsKey(process.place().lineage())) {
            return;
        }
        if (place(process)) {
            settle();
        } else if (orphans.size() < MAX_KEPT_BACK) {
            orphans.add(process);
        } else {
            lost++;
        }
    }

    private boolean place(ProcessModel process) {
        var place = process.place();
        String euser = process.users().euser();
        if (place.uncertain()) {
            put(place.lineage(), builder.uncertain(process.name(), process.exeIdentity(), euser));
            return true;
        }
        if (place.root() || place.parentLineage().isEmpty()) {
            put(place.lineage(), builder.root(process.name(), process.exeIdentity(), euser));
            return true;
        }
        var parent = handles.get(place.parentLineage());
        if (parent == null) {
            return false;
        }
        put(place.lineage(), builder.child(parent, process.name(), process.exeIdentity(), euser));
        return true;
    }

    private void put(String lineage, int handle) {
        if (handles.size() < MAX_LINEAGES) {
            handles.put(lineage, handle);
        } else {
            lost++;
        }
    }

    /** Whatever waited for the image that was just placed, and for those placed because of it. */
    private void settle() {
        boolean again = !orphans.isEmpty();
        while (again) {
            again = orphans.removeIf(this::place);
        }
        strays.removeIf(this::attach);
    }

    void connection(ConnectionModel connection) {
        if (connection.lineage().isEmpty() || attach(connection)) {
            return;
        }
        if (strays.size() < MAX_KEPT_BACK) {
            strays.add(connection);
        } else {
            lost++;
        }
    }

    private boolean attach(ConnectionModel connection) {
        var image = handles.get(connection.lineage());
        if (image == null) {
            return false;
        }
        var direction = direction(connection);
        int port = direction == Direction.INGRESS
                ? connection.local().port()
                : connection.judged().port();
        String name = connection.names().isEmpty() ? "" : connection.names().getFirst();
        connection
                .judged()
                .address()
                .ifPresent(remote -> builder.connection(
                        image,
                        direction,
                        connection.protocol(),
                        remote,
                        port,
                        name,
                        connection.life().isFirst()));
        return true;
    }

    private Direction direction(ConnectionModel connection) {
        return switch (connection.direction()) {
            case INBOUND -> Direction.INGRESS;
            case OUTBOUND -> Direction.EGRESS;
            case UNKNOWN ->
                listening.contains(PortRange.of(
                                connection.protocol(), connection.local().port()))
                        ? Direction.INGRESS
                        : Direction.EGRESS;
        };
    }

    void socket(ListeningSocketModel socket) {
        if (listening.size() < MAX_PORTS) {
            listening.add(PortRange.of(socket.protocol(), socket.local().port()));
        }
    }

    boolean waits() {
        return !orphans.isEmpty();
    }

    /** The parents of what is kept back won't come any more: their places are uncertain. */
    void giveUp() {
        while (!orphans.isEmpty()) {
            var first = orphans.removeFirst();
            put(
                    first.place().lineage(),
                    builder.uncertain(
                            first.name(), first.exeIdentity(), first.users().euser()));
            settle();
        }
    }
}
