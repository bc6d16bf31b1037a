package io.guardian.backend.agents;

import io.guardian.backend.http.Endpoint;
import io.guardian.backend.ingest.Ingest;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.store.History;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** All endpoints that agents and forwarders call. */
public final class AgentEndpoints {
    private AgentEndpoints() {}

    public static List<Endpoint> all(
            MetaStore meta, Ingest ingest, Bundles bundles, AgentHealth health, History history, Clock clock) {
        return Stream.of(
                        new Registering(meta, bundles, clock).endpoints(),
                        new Delivering(meta, ingest, clock).endpoints(),
                        new FetchingPolicies(bundles, meta.changes()).endpoints(),
                        new Acting(meta, ingest, clock).endpoints(),
                        new Remembering(history, clock).endpoints(),
                        new Reporting(meta, bundles, health, clock).endpoints())
                .flatMap(List::stream)
                .toList();
    }
}
