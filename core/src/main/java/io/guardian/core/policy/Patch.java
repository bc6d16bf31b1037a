package io.guardian.core.policy;

import io.guardian.core.net.Direction;
import java.util.List;

/**
 * What would have to be added to a policy so that it allows something: the {@code spec} of a workload's deviation.
 *
 * <p>Ids are unique within a patch. The ids of {@link Item.Below} name nodes of the policy; all others are new and may
 * be in use there for something else.
 */
public record Patch(List<Item> processes, List<NetworkEntry> egress, List<NetworkEntry> ingress) {
    public Patch {
        processes = List.copyOf(processes);
        egress = List.copyOf(egress);
        ingress = List.copyOf(ingress);
    }

    /** One item of a deviation's {@code processPolicy}. */
    public sealed interface Item {

        /** A plain node: a root. */
        record Root(ProcessNode node) implements Item {}

        /**
         * New nodes below a node of the policy.
         *
         * @param id of the policy's node
         * @param children empty when the node is only named, as the process of a connection
         */
        record Below(String id, List<ProcessNode> children) implements Item {
            public Below {
                children = List.copyOf(children);
            }
        }
    }

    /** All of a behaviour as a patch. */
    public static Patch of(Behaviour behaviour) {
        return new Patch(
                behaviour.processes().stream().<Item>map(Item.Root::new).toList(),
                behaviour.egress(),
                behaviour.ingress());
    }

    public List<NetworkEntry> entries(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
    }
}
