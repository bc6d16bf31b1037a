package io.guardian.backend.api;

import io.guardian.backend.http.Endpoint;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Mint;
import io.guardian.backend.query.search.SearchJobs;
import io.guardian.backend.store.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/** All resources for people and their tools. */
public final class ApiEndpoints {
    private ApiEndpoints() {}

    /**
     * @param unresolved how many containers a cluster policy can't judge yet, by its uid
     * @param protectedNamespaces whose pods nobody may kill
     */
    public static List<Endpoint> all(
            MetaStore meta,
            History history,
            SearchJobs jobs,
            Mint mint,
            ToIntFunction<String> unresolved,
            Set<String> protectedNamespaces) {
        var all = new ArrayList<Endpoint>();
        all.addAll(new OrganisationEndpoints(meta).all());
        all.addAll(new KeyEndpoints(meta.keys()).all());
        all.addAll(new ClusterEndpoints(meta.clusters()).all());
        all.addAll(new SourceEndpoints(meta.sources(), mint).all());
        all.addAll(new AgentEndpoints(meta).all());
        all.addAll(new RegistrationEndpoints(meta.agents()).all());
        all.addAll(new SourceQueryEndpoints(meta, history).all());
        all.addAll(new FingerprintEndpoints(meta, history).all());
        all.addAll(new PolicyEndpoints(meta, mint, new PolicyStatus(meta, history, unresolved, protectedNamespaces))
                .all());
        all.addAll(new RulesetEndpoints(meta, mint).all());
        all.addAll(new SearchEndpoints(meta, jobs).all());
        all.addAll(new ObjectEndpoints(meta, history).all());
        all.addAll(new ActionEndpoints(meta, history, protectedNamespaces).all());
        all.addAll(new AuditEndpoints(meta.audit()).all());
        all.addAll(new DocumentEndpoints().all());
        all.addAll(new SearchSetEndpoints(meta.searchSets(), mint).all());
        all.addAll(new SavedQueryEndpoints(meta.savedQueries(), mint).all());
        all.addAll(new DescriptionEndpoints(all).all());
        return List.copyOf(all);
    }
}
