-- What the agents of a cluster were last told of its namespaces: a hash of the labels, and the revision they have.
ALTER TABLE cluster ADD COLUMN namespaces_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE cluster ADD COLUMN namespaces_revision BIGINT NOT NULL DEFAULT 0;
