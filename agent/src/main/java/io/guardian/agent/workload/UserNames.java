package io.guardian.agent.workload;

import java.util.Map;

/**
 * User names of one workload, as its {@code /etc/passwd} said when it was first read. A container could rewrite the
 * file to rename its users into ones a policy allows, so it's never read again.
 */
public final class UserNames {

    /** No file: every user but root is a number. */
    public static final UserNames NONE = new UserNames(Map.of());

    private static final String ROOT = "root";

    private final Map<Long, String> nameByUid;

    /** @param nameByUid names by uid inside the workload's own user namespace */
    public UserNames(Map<Long, String> nameByUid) {
        this.nameByUid = Map.copyOf(nameByUid);
    }

    /**
     * The name of a user.
     *
     * @param uid uid in the workload's user namespace, 0 to 2^32-1
     * @return {@code root} for 0 and for no other uid; the decimal uid where the file has no name, or calls another
     *     root
     */
    public String nameOf(long uid) {
        if (uid == 0) {
            return ROOT;
        }
        String name = nameByUid.get(uid);
        return name == null || name.equals(ROOT) ? Long.toString(uid) : name;
    }

    /** How many users have names. */
    public int size() {
        return nameByUid.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UserNames that && nameByUid.equals(that.nameByUid);
    }

    @Override
    public int hashCode() {
        return nameByUid.hashCode();
    }

    @Override
    public String toString() {
        return "UserNames[" + size() + "]";
    }
}
