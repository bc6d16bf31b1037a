package io.guardian.cli.command;

import java.util.List;
import java.util.stream.Stream;

/** Other names of resources, besides the plural that commands are called by. */
final class ResourceNames {
    static final List<String> POLICIES =
            List.of("policies", "pol", "p", "spol", "spy-pol", "spyderbat-policy", "policy");
    static final List<String> RULESETS = List.of("ruleset", "rulesets");
    static final List<String> FINGERPRINTS = List.of(
            "fingerprint", "fprint", "fprints", "print", "prints", "f", "fingerprint-group", "fingerprint-groups");
    static final List<String> CONTAINER_POLICIES = List.of("container-policy", "cont-pol");
    static final List<String> SERVICE_POLICIES = List.of("linux-svc-policy", "lsvc-pol");
    static final List<String> CLUSTER_POLICIES = List.of("cluster-policy", "clus-pol", "cp");
    static final List<String> TRACE_POLICIES = List.of("trace-suppression-policy", "tsp", "trace-policy");
    static final List<String> CLUSTER_RULESETS = List.of("cluster-ruleset", "cluster-rs", "crs");

    /** Where one policy is meant, whatever its type. */
    static final List<String> ANY_POLICY = Stream.of(
                    POLICIES, CONTAINER_POLICIES, SERVICE_POLICIES, CLUSTER_POLICIES, TRACE_POLICIES)
            .flatMap(List::stream)
            .toList();

    static final List<String> ANY_RULESET =
            Stream.of(RULESETS, CLUSTER_RULESETS).flatMap(List::stream).toList();

    private ResourceNames() {}
}
