package io.guardian.backend.api;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Titles and descriptions of searchable fields. */
final class FieldTexts {
    private static final String TEXTS = """
            id|identifier of the record
            schema|kind of record
            original_schema|kind of record with subtype and version
            time|when it happened, or when the record was last changed, in epoch seconds
            full_json|the whole record as JSON text
            valid_from|when it began to exist, in epoch seconds
            valid_to|when it ceased to exist, in epoch seconds; missing while it lives
            status|whether it is still there
            muid|machine it belongs to
            name|short name
            exe|file that was executed
            args|arguments it was started with, the program itself first
            pid|process id on the host
            ppid|process id of the parent on the host
            ppuid|parent process
            auser|user who logged in
            euser|user it acts as
            interactive|whether a person at a terminal started it
            thread|whether it is a thread and no process of its own
            environ|names of its environment variables
            cgroup|control group it runs in
            ancestors|names of its ancestors, the nearest first
            ancestor_uids|its ancestors, the nearest first
            duration|how long it lasted, in seconds
            container_id|id that the container runtime gave
            container_uid|container it runs in
            container_name|name of the container
            image|image reference the container was started from
            image_id|digest of the image's configuration
            root_puid|first process of it
            cluster_uid|cluster it belongs to
            cluster_name|name of the cluster
            clustername|name of the cluster
            node_uid|node it runs on
            pod_uid|pod it runs in
            pod_name|name of the pod
            pod_namespace|namespace of the pod
            pod_labels|labels of the pod
            pod_namespace_labels|labels of the pod's namespace
            namespace|namespace it runs in
            red_flag_count|red flags on it
            ops_flag_count|operational flags on it
            traces|traces it is part of
            direction|inbound, outbound or unknown
            protocol|transport protocol
            proto|transport protocol
            family|address family
            local_ip|address on this side
            local_port|port on this side
            remote_ip|address on the other side
            remote_port|port on the other side
            remote_hostname|name of the other side
            dns_names|names that led to the address when it connected
            bytes_rx|bytes received
            bytes_tx|bytes sent
            payload|first bytes, never filled
            puid|process that holds it
            puids|processes that hold it
            proc_name|name of the process that holds it
            peer_puid|process on the other side
            peer_muid|machine on the other side
            peer_cuid|the same connection as the other side sees it
            severity|how bad it is: critical, high, medium, low or info
            short_name|what kind of finding it is
            description|what it is about, in a sentence
            short_description|what it is about, in short
            impact|what it may lead to
            flag_class|class path of the flag
            false_positive|whether it is an expected exception
            mitre_code|techniques of the ATT&CK matrix
            cves|vulnerabilities it is about
            ref|object it is about
            policy_uid|policy it comes from
            policy_name|name of the policy it comes from
            policy_type|type of the policy it comes from
            policy_mode|mode of the policy when it happened
            policy_version|version of the policy that judged
            checksum|the same for equal behaviour on every machine
            hostname|name of the machine
            uptime|how long the machine had been up, in seconds
            boot_time|when the machine was started, in epoch seconds
            os_name|operating system
            os_version|version of the operating system
            os_release|release of the kernel
            os_system|kind of operating system
            cpu_model|model of the processor
            machine_processor|architecture of the processor
            kernel_mods|loaded kernel modules
            private_ip|its private addresses
            public_ip|its public addresses
            cloud_type|cloud it runs in
            cloud_region|region of the cloud it runs in
            cloud_instance_id|its id in the cloud
            cloud_image_id|image it was started from in the cloud
            cloud_tags|its tags in the cloud
            service_name|name of the Linux service
            metadata.type|container or linux-service
            metadata.name|name of the object
            metadata.uid|uid that the cluster gave
            metadata.labels|labels of the object
            metadata.namespace|namespace of the object
            kind|kind of the object
            covered_by_policy|whether an enabled policy is about it now
            latestTimestamp|newest activity in it, in epoch seconds
            message|the line of the log
            action|what was or would have been done
            action_uid|the action that was queued
            deviation_uid|the deviation it is about
            agent_version|version of the agent
            agent_type|node agent or cluster monitor
            agent_arch|architecture of the agent
            last_seen|when the agent was last heard, in epoch seconds
            cmd|command line that was typed
            cwd|directory it was typed in
            """;

    private static final Map<String, String> BY_FIELD = read();

    private FieldTexts() {}

    private static Map<String, String> read() {
        var texts = new HashMap<String, String>();
        TEXTS.lines().forEach(line -> {
            int bar = line.indexOf('|');
            texts.put(line.substring(0, bar), line.substring(bar + 1));
        });
        return Map.copyOf(texts);
    }

    /** {@code remote_port} becomes {@code Remote port}. */
    static String title(String field) {
        String words = field.replace('_', ' ').replace('.', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    static String description(String field, String schemaTitle) {
        String known = BY_FIELD.get(field);
        return known != null
                ? known
                : title(field).toLowerCase(Locale.ROOT) + " of the " + schemaTitle.toLowerCase(Locale.ROOT);
    }
}
