package io.guardian.backend.http;

import io.guardian.backend.meta.Permission;

/** Who may call an endpoint. */
public sealed interface Access {
    /** Anyone, without a key. */
    record Open() implements Access {}

    /** Any usable API key. */
    record AnyKey() implements Access {}

    /** An API key of the organisation in the path (where there is one) whose role has the permission. */
    record Key(Permission permission) implements Access {}

    /** The token that an agent got when it registered. */
    record AgentToken() implements Access {}

    /** The code of an agent registration. */
    record RegistrationCode() implements Access {}

    Access OPEN = new Open();
    Access ANY_KEY = new AnyKey();
    Access AGENT = new AgentToken();
    Access CODE = new RegistrationCode();

    static Access key(Permission permission) {
        return new Key(permission);
    }
}
