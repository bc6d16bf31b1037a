package io.guardian.backend.meta;

/**
 * The metadata of one server. Every call blocks and is one transaction that is durable when it returns; all parts may
 * be called from any thread. Failures of the database itself are thrown as unchecked exceptions.
 */
public interface MetaStore extends AutoCloseable {
    Organisations organisations();

    Keys keys();

    Sources sources();

    Clusters clusters();

    Agents agents();

    /** Policies of all types. */
    VersionedDocuments policies();

    VersionedDocuments rulesets();

    VersionedDocuments savedQueries();

    VersionedDocuments customFlags();

    VersionedDocuments searchSets();

    Actions actions();

    AuditLog audit();

    /** Wakes those who wait for a change of policies or actions. */
    Changes changes();

    @Override
    void close();
}
