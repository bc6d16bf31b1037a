package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Agents, the registrations that let them in, and their tokens. */
public interface Agents {
    record NewRegistration(
            String orgUid, String name, String description, Json.Obj config, String createdBy, Validity validity) {}

    /** @param code the registration code, shown once */
    record CreatedRegistration(Registration registration, String code) {
        @Override
        public String toString() {
            return "CreatedRegistration[" + registration.uid() + "]";
        }
    }

    CreatedRegistration createRegistration(NewRegistration registration);

    List<Registration> registrations(String orgUid);

    Optional<Registration> registration(String orgUid, String uid);

    /** Replaces name, description, config, end and revocation of a registration. */
    boolean updateRegistration(Registration registration);

    /** The registration with this code, also when it is revoked or expired. */
    Optional<Registration> registrationOfCode(String code);

    /** Notes one attempt to register; the newest 1,000 per registration are kept. */
    void noteAttempt(
            String registrationUid, Instant time, String address, String agentUid, String message, String error);

    /** Newest first, as {@code time, ip_address, agent_uid, msg, error}. */
    List<Json.Obj> attempts(String orgUid, String registrationUid, int limit);

    /**
     * Adds the agent with its source and cluster, or finds the one of the same organisation, machine and type: then the
     * uids stay and the facts are replaced.
     */
    AgentRecord register(Registration registration, AgentFacts facts, Instant now);

    /** Makes a new token; older tokens of the agent end five minutes later. */
    String issueToken(String agentUid, Instant now, Duration life);

    Optional<AgentRecord> agentOfToken(String token, Instant now);

    void revokeTokens(String agentUid);

    /** Keeps the newest heartbeat. */
    void seen(String agentUid, Instant now, String status, Json.Obj heartbeat);

    /** By hostname. */
    List<AgentRecord> list(String orgUid);

    /** Agents of a type that registered in this cluster. */
    List<AgentRecord> ofCluster(String orgUid, String clusterUid, String agentType);

    /** Machines whose node agents registered in this cluster, silent ones too, and didn't take their leave since. */
    List<RegisteredMachine> machines(String orgUid, String clusterUid);

    Optional<AgentRecord> get(String orgUid, String uid);

    boolean archive(String orgUid, String uid, boolean archived);
}
