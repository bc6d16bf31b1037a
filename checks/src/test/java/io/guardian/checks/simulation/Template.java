package io.guardian.checks.simulation;

import java.util.List;

/**
 * A program of a simulated service and those that it may start. Every node has one remote that it may speak to.
 *
 * @param name as the kernel calls it
 * @param exe its file
 * @param port of the remote
 * @param children what it may become by exec
 */
record Template(String name, String exe, int port, List<Template> children) {
    static final String EGRESS = "10.20.30.40";
    static final String CLIENT = "192.168.5.6";
    static final int NAMED = 443;
    static final String IMAGE = "docker.io/library/shop:1";
    static final int LISTENS = 8000;

    static final Template ROOT = node(
            "shopd",
            "/usr/sbin/shopd",
            5001,
            node("worker", "/usr/libexec/shop/worker", 5002),
            node("sh", "/usr/bin/dash", 5003, node("curl", "/usr/bin/curl", 5004), node("date", "/usr/bin/date", 5005)),
            node(
                    "report",
                    "/usr/bin/report",
                    5006,
                    node("sh", "/usr/bin/dash", 5007, node("gzip", "/usr/bin/gzip", 5008))));

    private static Template node(String name, String exe, int port, Template... children) {
        return new Template(name, exe, port, List.of(children));
    }

    /** Policies in enforce mode that allow just this, for services of every name and for containers of one image. */
    static String policies() {
        return """
                {"revision": 1, "policies": [%s, %s],
                "namespaces": {}, "source_name": "", "cluster_name": "", "guards": {"processes": []}}
                """.formatted(
                policy("shop", "linux-service", "\"serviceSelector\": {\"cgroup\": \"systemd:*shop*.service\"}"),
                policy("shop-container", "container", "\"containerSelector\": {\"image\": \"" + IMAGE + "\"}"));
    }

    private static String policy(String name, String type, String selector) {
        var text = new StringBuilder();
        var egress = new StringBuilder();
        ROOT.write(text, egress);
        return """
                {"apiVersion": "spyderbat/v1", "kind": "SpyderbatPolicy",
                "metadata": {"name": "%s", "type": "%s", "uid": "pol:%s", "version": 1},
                "spec": {%s, "mode": "enforce",
                "processPolicy": [%s],
                "networkPolicy": {"ingress": [{"from": [{"ipBlock": {"cidr": "192.168.0.0/16"}}],
                "processes": ["n5001"], "ports": [{"protocol": "TCP", "port": 8000}]}], "egress": [%s]},
                "response": {"default": [{"makeRedFlag": {"severity": "high"}}, {"agentKillProcess": {}}], "actions": []}}}
                """.formatted(name, type, name, selector, text, egress);
    }

    private void write(StringBuilder text, StringBuilder egress) {
        text.append("{\"name\": \"%s\", \"exe\": [\"%s\"], \"id\": \"n%d\", \"euser\": [\"root\"]"
                .formatted(name, exe, port));
        egress.append(egress.isEmpty() ? "" : ", ")
                .append("""
                        {"to": [{"ipBlock": {"cidr": "%s/32"}}], "processes": ["n%d"],
                        "ports": [{"protocol": "TCP", "port": %d}, {"protocol": "UDP", "port": %d}]},
                        {"to": [{"dnsSelector": ["*.%s"]}], "processes": ["n%d"],
                        "ports": [{"protocol": "TCP", "port": %d}]}""".formatted(EGRESS, port, port, port, SimulatedNames.DOMAIN, port, NAMED));
        if (!children.isEmpty()) {
            text.append(", \"children\": [");
            String comma = "";
            for (var child : children) {
                text.append(comma);
                comma = ", ";
                child.write(text, egress);
            }
            text.append("]");
        }
        text.append("}");
    }
}
