package io.guardian.ebpf;

/**
 * The users a process runs as. Every uid is 0 to 2^32-2, or {@link Header#NO_UID} where there is none.
 *
 * @param uid real uid, as the host sees it
 * @param euid effective uid, as the host sees it
 * @param egid effective gid, as the host sees it
 * @param loginUid the uid of the login (audit uid), as the host sees it
 * @param euidInNamespace effective uid in the user namespace of the process itself; {@link Header#NO_UID} if it is not
 *     mapped there or the map has more than five ranges
 */
public record Credentials(long uid, long euid, long egid, long loginUid, long euidInNamespace) {}
