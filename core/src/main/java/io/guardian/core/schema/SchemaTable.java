package io.guardian.core.schema;

/**
 * The searchable schemas as text: one schema a paragraph, {@code id|title|base|}, then its own fields as
 * {@code name:type}. A field without a type is a string; {@code b} is a bool, {@code i}, {@code l}, {@code d} are
 * integer, long and double, {@code ip} an address, {@code s[]} a list of strings, {@code map} a map of strings. The
 * base adds fields: E every record's, M those of models, K those of Kubernetes objects, N a namespace. A {@code +}
 * marks a field that only this system's clients know.
 */
final class SchemaTable {
    private SchemaTable() {}

    static final String TEXT = """
            event_redflag|Redflag|E|
              ancestors:s[] args:s[] auser cluster_name cluster_uid container_uid custom_flag_name custom_flag_uid
              cves:s[] description euser false_positive:b flag_class impact local_ip:ip local_port:i
              mitre_code:s[] muid name pod_namespace pod_uid policy_name policy_uid ref remote_ip:ip remote_port:i
              severity short_name traces:s[] uptime:d
            event_opsflag|Opsflag|E|
              args:s[] auser euser description muid ref severity uptime:d false_positive:b ancestors:s[]
              ephemeral:b agent_type hostname pod_namespace cluster_name flag_class short_name custom_flag_uid
              custom_flag_name cluster_uid container_uid pod_uid
            model_spydertrace|Spydertrace|M|
              interactive:b muid trigger status root_proc_name trigger_short_name score:l interactive_users:s[]
              non_interactive_users:s[] overtaken:b suppressed:b suppressed_by container_uid cluster_name
              cluster_uid image namespace hostname policy_name policy_uid flag_count:i trigger_cgroup
            event_deviation|Deviation|E|
              checksum description policy_mode policy_name policy_type policy_uid ref container_uid hostname
              cluster_uid cluster_name namespace pod_kuid +short_description +policy_version:i
            model_summary|Summary|M|
              ref is_ai_generated:b
            model_process|Process|M|
              args:s[] auser duration:d ancestors:s[] ancestor_uids:s[] environ:map euser exe container_id
              container_uid cgroup thread:b interactive:b muid name pid:i ppid:i ppuid status traces:s[]
              red_flag_count:i ops_flag_count:i
            model_connection|Connection|M|
              bytes_rx:l bytes_tx:l direction dsts:s[] duration:d family local_ip:ip local_port:i muid
              container_uid cgroup payload peer_cuid peer_muid peer_puid proc_name puid puids:s[] remote_ip:ip
              remote_port:i remote_hostname srcs:s[] traces:s[] status red_flag_count:i ops_flag_count:i protocol
              +dns_names:s[]
            model_bundled_connection|Connection Bundle|M|
              num_connections:i proto client_asn:i client_asn_country client_asn_name client_cloud_name
              client_cluster_uid client_container_uid client_dns_name client_ip:ip client_muid client_pod_uid
              client_proc_name client_puid client_type server_asn:i server_asn_country server_asn_name
              server_cloud_name server_cluster_uid server_container_uid server_dns_name server_endpoint_uid
              server_ip:ip server_muid server_pod_uid server_port:i server_proc_name server_puid server_type
            model_listening_socket|Listening Socket|M|
              duration:d local_ip:ip local_port:i muid puids:s[] status proc_name
            model_container|Container|M|
              container_id container_name image_id image muid root_puid cluster_uid clustername node_uid pod_uid
              pod_name pod_namespace pod_namespace_labels:map pod_labels:map red_flag_count:i ops_flag_count:i
              +pod_kuid +container_kind +container_state +status +image_repo_digests:s[] +observable:b +declared:b
            model_machine|Machine|M|
              cloud_image_id cloud_instance_id cloud_region cloud_type cloud_tags:map cluster_name cpu_model
              boot_time:d duration:d hostname public_ip:s[] machine_processor kernel_mods:s[] private_ip:s[]
              os_name os_release os_version os_system ec2_uid
            model_fingerprint|Fingerprint|M|
              root_puid muid status cgroup service_name image image_id container_name container_id metadata.type
              +cluster_uid +cluster_name +namespace +hostname +covered_by_policy:b +latestTimestamp:d
            event_bash_cmd|BashCommand|E|
              puid muid euser cwd cmd
            model_bash_cmds|BashCommands|M|
              muid puid bash_cmds.cmd:s[]
            event_top_data|SpyderTop Data|E|
              muid
            event_causal|Causal Event|E|
              cluster_uid ref_causer ref_causee
            model_k8s_cluster|Cluster|M|
              name eks_uid red_flag_count:i ops_flag_count:i status
            model_k8s_node|Node|K|
              muid k8s_status.allocatable.cpu k8s_status.allocatable.memory k8s_status.allocatable.pods
              k8s_status.nodeInfo.architecture k8s_status.nodeInfo.osImage
              k8s_status.nodeInfo.containerRuntimeVersion k8s_status.capacity.cpu
            model_k8s_namespace|Kubernetes Namespace|M|
              cluster_uid kind status metadata.name +cluster_name +metadata.uid +metadata.labels:map
            model_k8s_pod|Pod|N|
              node_uid deployment_uid deployment_name owner_kind owner_name owner_uid muid spec.nodeName
              k8s_status.phase
            model_k8s_deployment|Deployment|N|
              spec.replicas:i
            model_k8s_replicaset|Replicaset|N|
              owner_uid owner_name spec.replicas:d
            model_k8s_daemonset|Daemonset|N|
            model_k8s_statefulset|Statefulset|N|
              spec.replicas:d
            model_k8s_job|Job|N|
            model_k8s_cronjob|Cronjob|N|
              spec.schedule
            model_k8s_service|Service|N|
            model_k8s_endpoint|Kubernetes Endpoint|M|
              cluster_uid ip port:i protocol service_name service_namespace pod_uid service_uid port_name status
            model_k8s_role|Role|N|
            model_k8s_rolebinding|Role Binding|N|
              roleRef.role_uid subject_uids:s[]
            model_k8s_clusterrole|Cluster Role|K|
            model_k8s_clusterrolebinding|Cluster Role Binding|K|
              roleRef.role_uid subject_uids:s[]
            model_k8s_serviceaccount|Service Account|N|
              aws_account_id aws_account_uid aws_role_arn aws_role_uid
            model_k8s_user|Kubernetes User|M|
              cluster_uid status kind
            model_k8s_group|Kubernetes Group|M|
              cluster_uid status kind
            model_k8s_api|Kubernetes API|M|
              cluster_uid endpoint_uid status
            model_k8s_api_session|Kubernetes API Session|M|
              cluster_uid status user_agent api_uid user source_ips:s[]
            model_k8s_api_call|Kubernetes API Call|M|
              cluster_uid status verb request_uri api_group_version resource_type resource_name resource_namespace
              resource_uid user user_agent source_ips:s[]
            model_agent|Agent|M|
              muid agent_arch agent_version agent_type ephemeral:b hostname os_pretty_name status +cluster_name
              +last_seen:d
            event_agent_health|Event Agent Health|E|
              ref
            event_metric|Metric Agent|E|
              cpu_cores:i total_mem_B:i bandwidth_1min_Bps:i cpu_1min_P.agent:d mem_1min_P.agent:d
              mem_1min_B.agent:i muid ref hostname cluster_name
            event_metric_machine|Metric Machine|E|
              muid duration:i start.procs:i start.inbound:i start.outbound:i created.procs:i created.inbound:i
              created.outbound:i load_avg_1m:d load_avg_5m:d load_avg_15m:d memory.total:d memory.free:d
              bats.running:s[] bats.stopped:s[] network.bytes_in:d network.bytes_out:d
            model_aws_account|AWS Account|M|
              account_id status
            model_aws_iam_role|AWS IAM Role|M|
              name arn aws_account_id svc_accounts:s[] aws_account_uid status
            model_aws_ec2_instance|AWS EC2 Instance|M|
              name instance_id aws_account_id tags:map PublicDnsName PublicIpAddress:ip PrivateDnsName
              PrivateIpAddress:ip State.Name region InstanceType VpcId aws_account_uid muid status
            model_aws_eks_cluster|AWS EKS Cluster|M|
              name arn aws_account_id region tags:map cluster_meta.status aws_account_uid cluster_uid status
            model_organization|Organization|M|
              org_uid
            event_log|Policy Log|E|
              message policy_uid policy_name policy_mode ref deviation_uid action action_uid
            """;
}
