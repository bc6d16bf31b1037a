package io.guardian.backend.meta;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What the holder of a key may do. Only Admin and Power User may kill. */
public enum Role {
    ADMIN("Admin", EnumSet.allOf(Permission.class)),
    POWER_USER("Power User", except(Permission.MANAGE_KEYS, Permission.UPDATE_ORG, Permission.READ_AUDIT)),
    /** Uses the console; a key of this role sees the organisation and nothing else. */
    NON_API_USER("Non-API User", EnumSet.of(Permission.READ_ORG)),
    /** Rolls out agents: makes registrations and watches agents arrive. */
    AGENT_DEPLOYMENT(
            "Agent Deployment",
            EnumSet.of(
                    Permission.READ_ORG,
                    Permission.LIST_SOURCE,
                    Permission.LIST_AGENT,
                    Permission.LIST_REGISTRATION,
                    Permission.MANAGE_REGISTRATION)),
    READ_ONLY(
            "Read Only",
            EnumSet.of(
                    Permission.READ_ORG,
                    Permission.LIST_POLICY,
                    Permission.LIST_RULESET,
                    Permission.LIST_QUERY,
                    Permission.LIST_SOURCE,
                    Permission.LIST_AGENT,
                    Permission.LIST_REGISTRATION,
                    Permission.LIST_ACTION,
                    Permission.QUERY_DATA));

    private final String text;
    // Set.copyOf is immutable; only its declared type is not.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Permission> permissions;

    Role(String text, Set<Permission> permissions) {
        this.text = text;
        this.permissions = Set.copyOf(permissions);
    }

    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }

    /** Reads the published name in any letter case. */
    public static Optional<Role> parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text.equalsIgnoreCase(text))
                .findFirst();
    }

    private static Set<Permission> except(Permission first, Permission... rest) {
        return EnumSet.complementOf(EnumSet.of(first, rest));
    }

    @Override
    public String toString() {
        return text;
    }
}
