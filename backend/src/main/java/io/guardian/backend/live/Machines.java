package io.guardian.backend.live;

/** Names of machines. */
@FunctionalInterface
public interface Machines {
    Names of(String org, String muid);

    /** Empty where nothing is known. */
    record Names(String hostname, String sourceName) {}
}
