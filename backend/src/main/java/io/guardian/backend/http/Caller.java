package io.guardian.backend.http;

import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.ApiKey;
import io.guardian.backend.meta.Registration;

/** Who sent a request. */
public sealed interface Caller {
    record Anonymous() implements Caller {}

    record KeyHolder(ApiKey key) implements Caller {}

    record AgentCaller(AgentRecord agent) implements Caller {}

    record Registrant(Registration registration) implements Caller {}

    /** Name for logs and the audit trail. */
    default String principal() {
        return switch (this) {
            case Anonymous() -> "anonymous";
            case KeyHolder(var key) -> key.principal();
            case AgentCaller(var agent) -> agent.uid();
            case Registrant(var registration) -> registration.uid();
        };
    }

    /** The organisation the caller belongs to; empty for nobody's. */
    default String orgUid() {
        return switch (this) {
            case Anonymous() -> "";
            case KeyHolder(var key) -> key.orgUid();
            case AgentCaller(var agent) -> agent.orgUid();
            case Registrant(var registration) -> registration.orgUid();
        };
    }

    /** {@code user}, {@code agent} or {@code system}. */
    default String type() {
        return switch (this) {
            case KeyHolder _ -> "user";
            case AgentCaller _, Registrant _ -> "agent";
            case Anonymous _ -> "system";
        };
    }
}
