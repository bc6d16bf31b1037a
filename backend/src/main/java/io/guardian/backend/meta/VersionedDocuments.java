package io.guardian.backend.meta;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Documents of one kind, of which every version is kept. */
public interface VersionedDocuments {
    /** Adds the first version; the uid must be new. */
    void insert(Stored first);

    /**
     * Replaces the current version by what {@code change} makes of it, atomically; the version number must be one more.
     * Whatever {@code change} throws leaves everything as it was.
     *
     * @return empty when the organisation has no such document, or it is deleted
     */
    Optional<Stored> update(String orgUid, String uid, UnaryOperator<Stored> change);

    /** Takes the document out of the current ones; its versions stay in the archive. */
    Optional<Stored> delete(String orgUid, String uid, String by, Instant now);

    /** Current documents, oldest first. */
    List<Stored> list(String orgUid);

    /** Every version of every document, newest first. */
    List<Stored> archive(String orgUid);

    /** The current version. */
    Optional<Stored> get(String orgUid, String uid);

    /** Every version of one document, newest first; also of a deleted one. */
    List<Stored> versions(String orgUid, String uid);

    /** One version, also of a deleted document. */
    Optional<Stored> version(String orgUid, String uid, long version);

    /** Grows with every change of any document of the kind in the organisation; 0 before the first. */
    long revision(String orgUid);

    /** As {@link #revision}, but only changes of what agents evaluate count: not those of cluster policies. */
    long agentRevision(String orgUid);
}
