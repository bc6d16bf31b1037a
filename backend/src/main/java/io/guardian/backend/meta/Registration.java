package io.guardian.backend.meta;

import io.guardian.core.text.Json;

/** A permission for agents to join an organisation; its code is kept as a hash only. */
public record Registration(
        String orgUid,
        String uid,
        String name,
        String description,
        Json.Obj config,
        String createdBy,
        Validity validity,
        boolean revoked) {}
