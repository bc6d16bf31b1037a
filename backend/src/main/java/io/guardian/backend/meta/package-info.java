/**
 * What the server knows besides recorded data: organisations, keys, agents, sources, clusters, stored documents with
 * all their versions, agent actions and the audit log.
 *
 * <p>In come values that the REST resources and the agent side have already parsed; out come the records of this
 * package. {@link io.guardian.backend.meta.MetaStore} is the narrow interface that every database must serve (the
 * contract kit in the tests says how); {@link io.guardian.backend.meta.SqliteMeta} is the embedded one. Secrets (API
 * keys, registration codes, agent tokens) are stored only as hashes. Start reading at
 * {@link io.guardian.backend.meta.MetaStore}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.meta;
