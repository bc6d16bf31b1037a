package io.guardian.core.document;

/** What a checked document means: one type per kind. */
public sealed interface Resource
        permits WorkloadDocument,
                ClusterPolicy,
                TracePolicy,
                Ruleset,
                Fingerprint,
                FingerprintGroup,
                DeviationDocument,
                UidList,
                Config,
                ApiSecret,
                OtherDocument {
    Kind kind();

    /** {@code metadata.name}; empty for kinds without one. */
    String name();

    /** {@code metadata.uid}; empty when the server has not given one. */
    String uid();
}
