package io.guardian.cli.command;

import java.util.List;

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

    private ResourceNames() {}
}
