package io.guardian.core.policy;

/**
 * Which parts of a workload's behaviour are not looked at.
 *
 * @param processes true for {@code disableProcesses: all}
 */
public record Switches(
        boolean processes, Directions connections, Directions privateConnections, Directions publicConnections) {
    public static final Switches NONE = new Switches(false, Directions.NONE, Directions.NONE, Directions.NONE);

    /** Directions in which something is switched off; the document's field is absent for {@link #NONE}. */
    public enum Directions {
        NONE,
        EGRESS,
        INGRESS,
        ALL;

        public boolean includes(io.guardian.core.net.Direction direction) {
            return switch (this) {
                case NONE -> false;
                case ALL -> true;
                case EGRESS -> direction == io.guardian.core.net.Direction.EGRESS;
                case INGRESS -> direction == io.guardian.core.net.Direction.INGRESS;
            };
        }

        /** Both switched off; two different single directions give all. */
        public Directions union(Directions other) {
            if (this == other || other == NONE) {
                return this;
            }
            return this == NONE ? other : ALL;
        }
    }
}
