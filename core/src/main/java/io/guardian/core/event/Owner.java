package io.guardian.core.event;

import io.guardian.core.text.Json;

/**
 * To which machine and workload an observation belongs.
 *
 * @param muid the machine
 * @param cgroup path of the process's own cgroup from the root of its hierarchy, such as
 *     {@code /system.slice/nginx.service}
 * @param containerUid uid of the container, empty outside one
 * @param containerId the runtime's id of it, empty outside one
 * @param serviceCgroup path of the service (the outermost {@code .service}), empty outside one
 * @param fingerprintUid names the workload instance: the id of its fingerprint; empty outside a workload
 */
public record Owner(
        String muid,
        String cgroup,
        String containerUid,
        String containerId,
        String serviceCgroup,
        String fingerprintUid) {

    /** What belongs to no workload. */
    public static Owner host(String muid, String cgroup) {
        return new Owner(muid, cgroup, "", "", "", "");
    }

    public boolean isContainer() {
        return !containerUid.isEmpty();
    }

    public boolean isService() {
        return !serviceCgroup.isEmpty();
    }

    void write(Json.ObjBuilder out) {
        out.put("muid", muid)
                .putUnlessEmpty("cgroup", cgroup)
                .putUnlessEmpty("container_uid", containerUid)
                .putUnlessEmpty("container_id", containerId)
                .putUnlessEmpty("service_cgroup", serviceCgroup)
                .putUnlessEmpty("fingerprint_uid", fingerprintUid);
    }

    static Owner read(Fields in) {
        return new Owner(
                in.text("muid"),
                in.textOr("cgroup", ""),
                in.textOr("container_uid", ""),
                in.textOr("container_id", ""),
                in.textOr("service_cgroup", ""),
                in.textOr("fingerprint_uid", ""));
    }
}
