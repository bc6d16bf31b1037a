package io.guardian.backend.cluster;

import io.guardian.backend.meta.RegisteredMachine;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The nodes of one cluster and which machine each is. The monitor knows a node's name and the id of its installation
 * (systemd's {@code /etc/machine-id}, as the kubelet reports it); the machine's uid is known once an agent with that id
 * has registered in the same cluster. Where one of both has no such id, names must do. A link stays while the agent is
 * silent, and is taken back when it takes its leave.
 */
final class Nodes {
    static final int MAX_NODES = 20_000;
    /** A machine id as systemd makes it; an agent that finds none says something else. */
    private static final Pattern MACHINE_ID = Pattern.compile("[0-9a-f]{32}");

    private final Map<String, Node> nodes = new HashMap<>();
    /** How many nodes say that they are this installation. */
    private final Map<String, Integer> sharing = new HashMap<>();

    private boolean hasLinks;
    private Optional<List<RegisteredMachine>> registered = Optional.empty();
    private Map<String, RegisteredMachine> byId = Map.of();
    private Map<String, List<RegisteredMachine>> byName = Map.of();

    /**
     * @param muid empty while no agent of its machine is registered
     * @param stored the machine that its records in the history name
     */
    private record Node(String name, String machineId, String muid, String stored) {
        Node as(String machine) {
            return new Node(name, machineId, machine, stored);
        }
    }

    /** What a record of a node brought. */
    enum Change {
        NONE,
        NAME,
        /** The machine is another, or is known now. */
        MACHINE
    }

    /** @param before the machine that an earlier record of the node names in the history, as far as that is known */
    Change told(Json.Obj record, String before) {
        String id = record.text("id");
        if (record.text("status").equals("closed")) {
            var gone = nodes.remove(id);
            if (gone != null) {
                leave(gone.machineId());
            }
            return Change.NONE;
        }
        var known = nodes.get(id);
        if (known == null && nodes.size() >= MAX_NODES) {
            return Change.NONE;
        }
        var node = new Node(
                ClusterState.nameOf(record),
                record.object("k8s_status").object("nodeInfo").text("machineID").toLowerCase(Locale.ROOT),
                known == null ? before : known.muid(),
                known == null ? before : known.stored());
        String installation = known == null ? "" : known.machineId();
        boolean moved = known != null && !installation.equals(node.machineId());
        if (known == null || moved) {
            sharing.merge(node.machineId(), 1, Integer::sum);
        }
        if (moved) {
            leave(installation);
        }
        String machine = machine(node);
        // Another installation under the same name: what the old one was says nothing of it.
        var linked = node.as(machine.isEmpty() && !moved ? node.muid() : machine);
        nodes.put(id, linked);
        hasLinks |= !linked.muid().isEmpty();
        if (!linked.muid().equals(node.muid())) {
            return Change.MACHINE;
        }
        return known == null || !known.name().equals(node.name()) ? Change.NAME : Change.NONE;
    }

    private void leave(String installation) {
        sharing.computeIfPresent(installation, (_, count) -> count == 1 ? null : count - 1);
    }

    /**
     * These machines are registered now.
     *
     * @return uids of the nodes whose machine became another, known or unknown
     */
    List<String> registered(List<RegisteredMachine> machines) {
        if (registered.filter(machines::equals).isPresent()) {
            return List.of();
        }
        registered = Optional.of(machines);
        byId = new HashMap<>();
        byName = new HashMap<>();
        for (RegisteredMachine machine : machines) {
            byId.put(machine.machineId(), machine);
            byName.computeIfAbsent(machine.hostname(), _ -> new ArrayList<>()).add(machine);
        }
        var still = machines.stream().map(RegisteredMachine::muid).collect(Collectors.toSet());
        var changed = new ArrayList<String>();
        nodes.replaceAll((id, node) -> {
            String machine = machine(node);
            // A second agent that goes by the same name makes the name worthless, not the link that was found before.
            boolean stays = machine.isEmpty() && still.contains(node.muid());
            if (stays || machine.equals(node.muid())) {
                return node;
            }
            changed.add(id);
            hasLinks |= !machine.isEmpty();
            return node.as(machine);
        });
        return changed;
    }

    /** Empty when no registered machine is surely this node. */
    private String machine(Node node) {
        var same = byId.get(node.machineId());
        if (same != null) {
            // Machines cloned from one image may share an id, and so one agent's registration.
            boolean shared = sharing.getOrDefault(node.machineId(), 0) > 1;
            return same.hostname().equals(node.name()) || !shared ? same.muid() : "";
        }
        var named = byName.getOrDefault(node.name(), List.of());
        boolean distinct = named.size() == 1
                && isMachineId(node.machineId())
                && isMachineId(named.getFirst().machineId());
        return named.size() == 1 && !distinct ? named.getFirst().muid() : "";
    }

    private static boolean isMachineId(String text) {
        return MACHINE_ID.matcher(text).matches();
    }

    boolean isEmpty() {
        return nodes.isEmpty();
    }

    /** Whether the machine of any node was ever known. */
    boolean hasLinks() {
        return hasLinks;
    }

    boolean isKnown(String nodeUid) {
        return nodes.containsKey(nodeUid);
    }

    /** Empty when the node is not known. */
    String name(String nodeUid) {
        var node = nodes.get(nodeUid);
        return node == null ? "" : node.name();
    }

    /** Empty when the node is not known, or its machine is not. */
    String muid(String nodeUid) {
        var node = nodes.get(nodeUid);
        return node == null ? "" : node.muid();
    }

    /** The machine that the history names for the node and all that is on it. */
    String stored(String nodeUid) {
        var node = nodes.get(nodeUid);
        return node == null ? "" : node.stored();
    }

    /** From now on the history names this machine. */
    void stored(String nodeUid, String muid) {
        nodes.computeIfPresent(nodeUid, (_, node) -> new Node(node.name(), node.machineId(), node.muid(), muid));
    }

    /** Nodes whose machine the history doesn't name yet, or names wrongly. */
    List<String> unstored() {
        return nodes.entrySet().stream()
                .filter(entry ->
                        !entry.getValue().muid().equals(entry.getValue().stored()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
