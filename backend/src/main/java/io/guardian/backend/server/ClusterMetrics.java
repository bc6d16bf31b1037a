package io.guardian.backend.server;

import io.guardian.backend.cluster.ClusterJudging;
import io.guardian.backend.meta.Changes;
import io.guardian.backend.respond.ContainerConsequences;
import io.guardian.backend.respond.PodKills;

/** The counters of clusters: containers, verdicts, what is held, what was killed and what was refused. */
record ClusterMetrics(ClusterJudging clusters, ContainerConsequences denials, PodKills kills, Changes changes) {

    void write(StringBuilder out) {
        Metrics.gauge(out, "guardian_long_polls", "agents that wait for policies or actions", changes.waiting());
        Metrics.gauge(out, "guardian_cluster_containers", "containers of clusters that are followed", clusters.size());
        Metrics.counter(
                out,
                "guardian_cluster_containers_untracked_total",
                "records of too many containers",
                clusters.untracked());
        Metrics.counter(out, "guardian_cluster_unchanged_total", "records that said nothing new", clusters.unchanged());
        Metrics.counter(
                out,
                "guardian_cluster_foreign_total",
                "records of senders that have no say in the cluster",
                clusters.foreign());
        Metrics.counter(
                out, "guardian_cluster_left_out_total", "records of namespaces beyond the limit", clusters.leftOut());
        Metrics.counter(
                out,
                "guardian_container_verdicts_total",
                "verdicts on containers",
                clusters.verdicts().made());
        Metrics.gauge(
                out,
                "guardian_container_verdicts_unresolved",
                "verdicts that wait for something not known yet",
                clusters.verdicts().unresolved());
        Metrics.counter(out, "guardian_containers_denied_total", "deviations of containers", denials.deviations());
        Metrics.counter(
                out,
                "guardian_containers_denied_unlisted_total",
                "deviations of containers beyond the limit",
                denials.beyondLimit());
        Metrics.gauge(
                out,
                "guardian_container_verdicts_waiting",
                "containers that are still to be judged again",
                clusters.waiting());
        Metrics.counter(
                out,
                "guardian_pod_kills_forgotten_total",
                "deletions that were put off and are not taken up again",
                denials.forgotten());
        Metrics.counter(out, "guardian_pod_kills_total", "pods whose deletion was queued", kills.queued());
        Metrics.counter(out, "guardian_pod_kills_refused_total", "deletions that a guard refused", kills.refused());
    }
}
