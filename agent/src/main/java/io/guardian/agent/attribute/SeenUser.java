package io.guardian.agent.attribute;

import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessImage;

/**
 * The effective user of a process as the kernel told it.
 *
 * @param onHost uid as the host sees it
 * @param inNamespace uid in the process's own user namespace, {@link io.guardian.ebpf.Header#NO_UID} if it has none
 * @param namespace inode number of that namespace
 */
record SeenUser(long onHost, long inNamespace, long namespace) {
    static SeenUser of(ProcessImage image) {
        var credentials = image.credentials();
        return new SeenUser(
                credentials.euid(),
                credentials.euidInNamespace(),
                image.namespaces().user());
    }

    static SeenUser of(KernelRecord.CredentialChange change) {
        return new SeenUser(
                change.header().euid(),
                change.euidInNamespace(),
                change.header().userNamespace());
    }
}
