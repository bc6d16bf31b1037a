package io.guardian.backend.meta;

import io.guardian.core.text.Json;

/** What a source shows of its machine, taken from the agent's registration. */
final class RuntimeDetails {
    private RuntimeDetails() {}

    static Json.Obj of(AgentFacts facts, String agentUid, String sourceUid) {
        var body = facts.body();
        var cloud = body.object("cloud");
        return Json.object()
                .put("src_uid", sourceUid)
                .put("agent_uid", agentUid)
                .put("hostname", facts.hostname())
                .put("agent_version", body.text("agent_version"))
                .put("agent_arch", body.text("arch"))
                .put("os_name", osText(body, "name"))
                .put("os_pretty_name", osText(body, "pretty_name"))
                .put("uname", body.text("kernel"))
                .putIfPresent("boot_time", body.get("boot_time"))
                .putIfPresent("cpu_cores", body.get("cpu_cores"))
                .putIfPresent("cpu_make", body.get("cpu_make"))
                .putIfPresent("cpu_model", body.get("cpu_model"))
                .putIfPresent("memory_total_bytes", body.get("memory_total_bytes"))
                .put("cloud_type", cloud.text("type"))
                .put("cloud_region", cloud.text("region"))
                .put("cloud_instance_id", cloud.text("instance_id"))
                .put("cloud_account_id", cloud.text("account_id"))
                .put("cloud_tags", cloud.object("tags"))
                .put("ip_addresses", body.array("ip_addresses"))
                .put("mac_addresses", body.array("mac_addresses"))
                .put("spyder_tags", body.object("tags"))
                .build();
    }

    /** {@code os} is a text or an object with names. */
    private static String osText(Json.Obj body, String part) {
        return body.get("os").orElse(Json.Null.VALUE) instanceof Json.Obj os ? os.text(part) : body.text("os");
    }
}
