package io.guardian.cli.command;

import io.guardian.cli.output.Moments;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.Optional;

/** What something is merged into or compared with. */
sealed interface MergeTarget permits MergeTarget.Workload, ClusterTarget {
    String name();

    /** Empty when it was never applied. */
    String uid();

    /** Whether it stands in a file; else it is what the server keeps. */
    boolean isInFile();

    /** Until when it knows what happened. */
    Optional<Instant> latest();

    /** {@code mongo-policy - pol:…}. */
    default String title() {
        return name() + (uid().isEmpty() ? "" : " - " + uid());
    }

    /**
     * A policy of workloads.
     *
     * @param source as written
     */
    record Workload(Json.Obj source, WorkloadDocument document, boolean isInFile) implements MergeTarget {
        @Override
        public String name() {
            return document.name();
        }

        @Override
        public String uid() {
            return document.uid();
        }

        @Override
        public Optional<Instant> latest() {
            var latest = document.span().latest();
            return latest.isPresent() ? Optional.of(Moments.ofEpochSeconds(latest.getAsDouble())) : Optional.empty();
        }
    }
}
