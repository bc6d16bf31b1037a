-- Metadata of one server. Only SQL that SQLite and PostgreSQL both read; times are microseconds since the epoch.
CREATE TABLE organisation (
    uid         TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    owner_email TEXT   NOT NULL,
    tags        TEXT   NOT NULL,
    valid_from  BIGINT NOT NULL,
    valid_to    BIGINT NOT NULL
);

CREATE TABLE api_key (
    uid         TEXT    NOT NULL PRIMARY KEY,
    org_uid     TEXT    NOT NULL REFERENCES organisation (uid),
    secret_hash TEXT    NOT NULL UNIQUE,
    principal   TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    valid_from  BIGINT  NOT NULL,
    valid_to    BIGINT  NOT NULL,
    revoked     INTEGER NOT NULL
);
CREATE INDEX api_key_org ON api_key (org_uid);

CREATE TABLE source (
    org_uid          TEXT    NOT NULL REFERENCES organisation (uid),
    uid              TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    description      TEXT    NOT NULL,
    agent_uid        TEXT    NOT NULL,
    registration_uid TEXT    NOT NULL,
    agent_type       TEXT    NOT NULL,
    tags             TEXT    NOT NULL,
    archived         INTEGER NOT NULL,
    last_data        BIGINT  NOT NULL,
    valid_from       BIGINT  NOT NULL,
    valid_to         BIGINT  NOT NULL,
    runtime_details  TEXT    NOT NULL,
    PRIMARY KEY (org_uid, uid)
);

CREATE TABLE cluster (
    org_uid        TEXT   NOT NULL REFERENCES organisation (uid),
    uid            TEXT   NOT NULL,
    name           TEXT   NOT NULL,
    kubernetes_uid TEXT   NOT NULL,
    agent_uid      TEXT   NOT NULL,
    source_uid     TEXT   NOT NULL,
    first_seen     BIGINT NOT NULL,
    last_data      BIGINT NOT NULL,
    PRIMARY KEY (org_uid, uid)
);

CREATE TABLE agent_registration (
    uid         TEXT    NOT NULL PRIMARY KEY,
    org_uid     TEXT    NOT NULL REFERENCES organisation (uid),
    code_hash   TEXT    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    config      TEXT    NOT NULL,
    created_by  TEXT    NOT NULL,
    valid_from  BIGINT  NOT NULL,
    valid_to    BIGINT  NOT NULL,
    revoked     INTEGER NOT NULL
);
CREATE INDEX agent_registration_org ON agent_registration (org_uid);

CREATE TABLE registration_attempt (
    registration_uid TEXT   NOT NULL,
    seq              BIGINT NOT NULL,
    time             BIGINT NOT NULL,
    record           TEXT   NOT NULL,
    PRIMARY KEY (registration_uid, seq)
);

CREATE TABLE agent (
    uid              TEXT    NOT NULL PRIMARY KEY,
    org_uid          TEXT    NOT NULL REFERENCES organisation (uid),
    registration_uid TEXT    NOT NULL,
    machine_id       TEXT    NOT NULL,
    agent_type       TEXT    NOT NULL,
    muid             TEXT    NOT NULL,
    source_uid       TEXT    NOT NULL,
    cluster_uid      TEXT    NOT NULL,
    hostname         TEXT    NOT NULL,
    facts            TEXT    NOT NULL,
    heartbeat        TEXT    NOT NULL,
    status           TEXT    NOT NULL,
    registered       BIGINT  NOT NULL,
    last_seen        BIGINT  NOT NULL,
    archived         INTEGER NOT NULL,
    UNIQUE (org_uid, machine_id, agent_type)
);

CREATE TABLE agent_token (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    agent_uid  TEXT   NOT NULL,
    valid_to   BIGINT NOT NULL
);
CREATE INDEX agent_token_agent ON agent_token (agent_uid);

CREATE TABLE document (
    kind       TEXT    NOT NULL,
    org_uid    TEXT    NOT NULL REFERENCES organisation (uid),
    uid        TEXT    NOT NULL,
    version    BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    type       TEXT    NOT NULL,
    document   TEXT    NOT NULL,
    tags       TEXT    NOT NULL,
    created    BIGINT  NOT NULL,
    created_by TEXT    NOT NULL,
    updated    BIGINT  NOT NULL,
    updated_by TEXT    NOT NULL,
    change     TEXT    NOT NULL,
    deleted    INTEGER NOT NULL,
    is_current INTEGER NOT NULL,
    PRIMARY KEY (kind, org_uid, uid, version)
);
CREATE INDEX document_current ON document (kind, org_uid, is_current);

CREATE TABLE document_revision (
    kind     TEXT   NOT NULL,
    org_uid  TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (kind, org_uid)
);

CREATE TABLE agent_action (
    uid             TEXT    NOT NULL PRIMARY KEY,
    org_uid         TEXT    NOT NULL REFERENCES organisation (uid),
    agent_uid       TEXT    NOT NULL,
    action_type     TEXT    NOT NULL,
    object_uid      TEXT    NOT NULL,
    analytic_uid    TEXT    NOT NULL,
    principal       TEXT    NOT NULL,
    action_taken_by TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    params          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    result_code     INTEGER NOT NULL,
    error_reason    TEXT    NOT NULL,
    error_message   TEXT    NOT NULL,
    detail          TEXT    NOT NULL,
    valid_from      BIGINT  NOT NULL,
    valid_to        BIGINT  NOT NULL,
    completed       BIGINT  NOT NULL
);
CREATE INDEX agent_action_agent ON agent_action (agent_uid, state);
CREATE INDEX agent_action_org ON agent_action (org_uid, valid_from);
CREATE INDEX agent_action_policy ON agent_action (analytic_uid, valid_from);

CREATE TABLE audit_record (
    org_uid TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    time    BIGINT NOT NULL,
    id      TEXT   NOT NULL,
    record  TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    PRIMARY KEY (org_uid, seq)
);
CREATE INDEX audit_record_time ON audit_record (org_uid, time);
