package io.guardian.ebpf;

import java.util.List;

/** What came of opening a {@link Sensor}. */
public sealed interface Opening {

    /** It runs; {@link Sensor#capabilities()} says how much of it. */
    record Opened(Sensor sensor) implements Opening {}

    /**
     * This machine can't.
     *
     * @param reasons each names what is missing (package, capability, kernel feature) and how to get it
     */
    record Unavailable(List<String> reasons) implements Opening {
        public Unavailable {
            reasons = List.copyOf(reasons);
        }
    }
}
