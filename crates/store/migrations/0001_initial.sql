-- The whole model. One text for both engines: TEXT, BIGINT, BOOLEAN; times are microseconds UTC. Enumerations are words without a
-- CHECK, which SQLite could not alter: their type's FromStr refuses a word that it does not know.
-- A table whose primary key starts with account_id belongs to a tenant; every statement on it has account_id = $1 first.

-- ---- The installation ---------------------------------------------------------------------------------------------------

CREATE TABLE installation (
    id              BIGINT PRIMARY KEY CHECK (id = 1),
    key_fingerprint TEXT NOT NULL,
    epoch           BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    -- HMAC with the installation's key over the ids of all accounts. None is ever removed.
    accounts_seal   TEXT NOT NULL
);

CREATE TABLE accounts (
    id          TEXT PRIMARY KEY,
    slug        TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    settings    TEXT NOT NULL,
    settings_version BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    event_head  TEXT NOT NULL,
    -- HMAC with the installation's key over id, event_count and event_head.
    event_seal  TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_slug ON accounts (slug);

-- Apart from the account's row, which every change of anything in it reads and writes.
CREATE TABLE account_logos (
    account_id TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    tag        TEXT NOT NULL,
    bytes      BYTEA NOT NULL
);

-- ---- People: an identity signs in, a user is a membership (decision 4) ------------------------------------------------------

CREATE TABLE identities (
    id                TEXT PRIMARY KEY,
    email             TEXT NOT NULL,
    name              TEXT,
    locale            TEXT NOT NULL,
    home_account_id   TEXT NOT NULL,
    email_verified_at BIGINT,
    created_at        BIGINT NOT NULL,
    version           BIGINT NOT NULL
);
CREATE UNIQUE INDEX identities_email ON identities (email);

CREATE TABLE credentials (
    identity_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    id          TEXT NOT NULL,
    secret      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (identity_id, kind, id)
);

CREATE TABLE users (
    account_id             TEXT NOT NULL,
    id                     TEXT NOT NULL,
    identity_id            TEXT NOT NULL,
    email                  TEXT NOT NULL,
    name                   TEXT,
    sort_name              TEXT NOT NULL,
    search_text            TEXT NOT NULL,
    role_id                TEXT NOT NULL,
    status                 TEXT NOT NULL,
    login_method           TEXT NOT NULL,
    sso_id                 TEXT,
    created_at             BIGINT NOT NULL,
    activated_at           BIGINT,
    last_login_at          BIGINT,
    credentials_valid_from            BIGINT NOT NULL,
    deleted_at             BIGINT,
    status_before_deletion TEXT,
    version                BIGINT NOT NULL,
    -- Never is the earliest: a page in this order begins at a value, and a range of an index begins at a column.
    last_login_order       BIGINT GENERATED ALWAYS AS (COALESCE(last_login_at, 0)) STORED,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX users_of_identity ON users (identity_id, account_id);
CREATE UNIQUE INDEX users_email ON users (account_id, email);
-- The list merges one range per status, or per role, status and login method (user_list): no filter reads what it skips.
CREATE INDEX users_by_status_email ON users (account_id, status, email, id);
CREATE INDEX users_by_status_name ON users (account_id, status, sort_name, id);
CREATE INDEX users_by_status_creation ON users (account_id, status, created_at, id);
CREATE INDEX users_by_status_last_login ON users (account_id, status, last_login_order, id);
CREATE INDEX users_by_role_email ON users (account_id, role_id, status, login_method, email, id);
CREATE INDEX users_by_role_name ON users (account_id, role_id, status, login_method, sort_name, id);
CREATE INDEX users_by_role_creation ON users (account_id, role_id, status, login_method, created_at, id);
CREATE INDEX users_by_role_last_login ON users (account_id, role_id, status, login_method, last_login_order, id);
CREATE INDEX users_deleted ON users (deleted_at) WHERE status = 'deleted';

-- Kept with every change, so that tabs, roles and seats are never counted (decision 12).
CREATE TABLE user_counts (
    account_id   TEXT NOT NULL,
    status       TEXT NOT NULL,
    role_id      TEXT NOT NULL,
    login_method TEXT NOT NULL,
    users        BIGINT NOT NULL,
    PRIMARY KEY (account_id, status, role_id, login_method)
);

-- How many users each status gained on a day, and how often people signed in: what the charts over time are made of. Kept with
-- every change; the present counts less what came after a day are the counts at its end.
CREATE TABLE daily_statistics (
    account_id TEXT NOT NULL,
    day        BIGINT NOT NULL,
    metric     TEXT NOT NULL,
    amount     BIGINT NOT NULL,
    PRIMARY KEY (account_id, day, metric)
);

-- Lists as people left them, found again in every browser.
CREATE TABLE saved_views (
    account_id TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    id         TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    query      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, user_id, id)
);
CREATE UNIQUE INDEX saved_views_name ON saved_views (account_id, user_id, name_key);

-- sqlite:
-- all accounts: numbers the accounts, so that the rows of each are one range of the search index
CREATE TABLE user_search_accounts (
    number     INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL
);
CREATE UNIQUE INDEX user_search_accounts_account ON user_search_accounts (account_id);
-- all accounts: one search index serves them all; the rows of the account n are numbered from n * 2^32 on
CREATE TABLE user_search_rows (
    number     INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    user_id    TEXT NOT NULL
);
CREATE UNIQUE INDEX user_search_rows_user ON user_search_rows (account_id, user_id);
CREATE VIRTUAL TABLE user_search USING fts5 (search_text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO user_search_accounts (account_id) SELECT new.account_id
        WHERE NOT EXISTS (SELECT 1 FROM user_search_accounts WHERE account_id = new.account_id);
    INSERT INTO user_search_rows (number, account_id, user_id)
        SELECT COALESCE((SELECT MAX(r.number) FROM user_search_rows r
            WHERE r.number > a.number * 4294967296 AND r.number < (a.number + 1) * 4294967296), a.number * 4294967296) + 1,
            new.account_id, new.id
        FROM user_search_accounts a WHERE a.account_id = new.account_id;
    INSERT INTO user_search (rowid, search_text) VALUES (last_insert_rowid(), new.search_text);
END;
CREATE TRIGGER users_search_update AFTER UPDATE OF search_text ON users WHEN old.search_text <> new.search_text BEGIN
    UPDATE user_search SET search_text = new.search_text
        WHERE rowid = (SELECT number FROM user_search_rows WHERE account_id = new.account_id AND user_id = new.id);
END;
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
    DELETE FROM user_search WHERE rowid = (SELECT number FROM user_search_rows WHERE account_id = old.account_id AND user_id = old.id);
    DELETE FROM user_search_rows WHERE account_id = old.account_id AND user_id = old.id;
END;
-- end
-- postgres trigram:
CREATE INDEX users_search ON users USING gin (search_text gin_trgm_ops);
-- end

-- ---- Roles, groups, systems ----------------------------------------------------------------------------------------------
-- Predefined roles live in the catalog; these are the custom ones.

CREATE TABLE roles (
    account_id  TEXT NOT NULL,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    description TEXT NOT NULL,
    levels      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX roles_name ON roles (account_id, name_key);

CREATE TABLE groups (
    account_id  TEXT NOT NULL,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX groups_name ON groups (account_id, name_key);

CREATE TABLE systems (
    account_id TEXT NOT NULL,
    id         TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    platform   TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version    BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX systems_name ON systems (account_id, name_key) WHERE deleted_at IS NULL;

CREATE TABLE environments (
    account_id TEXT NOT NULL,
    id         TEXT NOT NULL,
    system_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    kind       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX environments_name ON environments (account_id, system_id, name_key) WHERE deleted_at IS NULL;

-- ---- Grants: each says why it exists, by whom, and from when until when ----------------------------------------------------
-- One that is taken away is ended and stays, so that who had what at a time can be told; it holds while ended_at is NULL. starts_at
-- and ends_at are what the giver chose.

CREATE TABLE system_grants (
    account_id TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    -- 'all': every system of the account, future ones too.
    system_id  TEXT NOT NULL,
    source     TEXT NOT NULL,
    source_id  TEXT NOT NULL,
    role_id    TEXT,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    starts_at  BIGINT,
    ends_at    BIGINT,
    ended_by   TEXT,
    ended_at   BIGINT,
    PRIMARY KEY (account_id, user_id, system_id, source, source_id, granted_at),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX system_grants_held ON system_grants (account_id, user_id, system_id, source, source_id) WHERE ended_at IS NULL;
CREATE INDEX system_grants_by_system ON system_grants (account_id, system_id, user_id, starts_at, ends_at) WHERE ended_at IS NULL;

CREATE TABLE group_members (
    account_id TEXT NOT NULL,
    group_id   TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    source     TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    starts_at  BIGINT,
    ends_at    BIGINT,
    ended_by   TEXT,
    ended_at   BIGINT,
    PRIMARY KEY (account_id, group_id, user_id, source, granted_at),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX group_members_held ON group_members (account_id, group_id, user_id, source) WHERE ended_at IS NULL;
CREATE INDEX group_members_by_user ON group_members (account_id, user_id, group_id) WHERE ended_at IS NULL;

CREATE TABLE group_systems (
    account_id TEXT NOT NULL,
    group_id   TEXT NOT NULL,
    system_id  TEXT NOT NULL,
    source     TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    starts_at  BIGINT,
    ends_at    BIGINT,
    ended_by   TEXT,
    ended_at   BIGINT,
    PRIMARY KEY (account_id, group_id, system_id, source, granted_at),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX group_systems_held ON group_systems (account_id, group_id, system_id, source) WHERE ended_at IS NULL;
CREATE INDEX group_systems_by_system ON group_systems (account_id, system_id, group_id) WHERE ended_at IS NULL;

-- ---- Invitations, links, sessions, keys ---------------------------------------------------------------------------------------

CREATE TABLE invitations (
    account_id   TEXT NOT NULL,
    id           TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    invited_by   TEXT NOT NULL,
    note         TEXT,
    state        TEXT NOT NULL,
    sent_count   BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_sent_at BIGINT NOT NULL,
    -- When whoever answers for it last sent it; what the invited person asks for themselves does not move it.
    given_at     BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    -- When whoever answers for it lost the right to: it stays dead until somebody sends it again or takes it over.
    lost_at      BIGINT,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX invitations_one_pending ON invitations (account_id, user_id) WHERE state = 'pending';
CREATE INDEX invitations_by_inviter ON invitations (account_id, invited_by) WHERE state = 'pending';
CREATE INDEX invitations_by_end ON invitations (account_id, expires_at) WHERE state = 'pending';
CREATE INDEX invitations_lost ON invitations (account_id, user_id) WHERE state = 'pending' AND lost_at IS NOT NULL;

-- all accounts: a link is found by its token. One that people asked for themselves, to choose a new password, belongs to no account
CREATE TABLE links (
    id          TEXT PRIMARY KEY,
    token_hash  TEXT NOT NULL,
    purpose     TEXT NOT NULL,
    account_id  TEXT,
    identity_id TEXT,
    user_id     TEXT,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    by_admin    BOOLEAN NOT NULL,
    ended_at    BIGINT,
    ended_as    TEXT,
    CHECK ((ended_at IS NULL) = (ended_as IS NULL))
);
CREATE UNIQUE INDEX links_token ON links (token_hash);
CREATE INDEX links_of_identity ON links (identity_id, purpose);
CREATE INDEX links_of_user ON links (account_id, user_id);
CREATE INDEX links_revoked ON links (account_id, user_id) WHERE ended_as = 'revoked' AND purpose = 'activation';

CREATE TABLE sessions (
    id             TEXT PRIMARY KEY,
    token_hash     TEXT NOT NULL,
    identity_id    TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    last_active_at BIGINT NOT NULL,
    ip             TEXT NOT NULL,
    user_agent     TEXT NOT NULL,
    assurance      TEXT NOT NULL,
    -- NULL: it works. Ended sessions stay until they would be too old, to tell whoever holds the token what ended them.
    ended_by       TEXT,
    -- The hash of the token by which its browser is recognized.
    device_hash    TEXT NOT NULL
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_of_identity ON sessions (identity_id, created_at);
CREATE INDEX sessions_of_device ON sessions (device_hash);

-- all accounts: a session opens all accounts of its person. What differs between them: when and from where it entered the account,
-- which knows nothing of it before that; the latest input there, or open page that counted as one; and what ended the session in the
-- account alone, which stays so until the person signs in again.
CREATE TABLE session_accounts (
    session_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    entered_at BIGINT,
    entered_ip TEXT,
    active_at  BIGINT,
    lapse      TEXT,
    -- From when on the account sees it so.
    lapsed_at  BIGINT,
    PRIMARY KEY (session_id, account_id)
);

CREATE TABLE devices (
    identity_id TEXT NOT NULL,
    token_hash  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    PRIMARY KEY (identity_id, token_hash)
);
CREATE INDEX devices_seen ON devices (seen_at);
CREATE INDEX devices_token ON devices (token_hash);

CREATE TABLE api_keys (
    account_id  TEXT NOT NULL,
    id          TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    name        TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    levels      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT,
    last_used_at BIGINT,
    ended_at    BIGINT,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX api_keys_secret ON api_keys (secret_hash);
CREATE INDEX api_keys_of_user ON api_keys (account_id, user_id) WHERE ended_at IS NULL;

CREATE TABLE throttles (
    key        TEXT PRIMARY KEY,
    count      BIGINT NOT NULL,
    free_at    BIGINT NOT NULL,
    forget_at  BIGINT NOT NULL
);
CREATE INDEX throttles_forget ON throttles (forget_at);

CREATE TABLE failed_sign_ins (
    id         TEXT PRIMARY KEY,
    address    TEXT NOT NULL,
    ip         TEXT NOT NULL,
    request    TEXT NOT NULL,
    failed_at  BIGINT NOT NULL,
    -- Up to which account, in the order of their ids, the person's accounts were told of it; '': none was.
    told_to    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX failed_sign_ins_address ON failed_sign_ins (address, failed_at);

-- all accounts: what people ask for by an address or an old link, until the worker has looked whose it is and mailed them a new one
CREATE TABLE link_requests (
    id           TEXT PRIMARY KEY,
    address      TEXT,
    link_hash    TEXT,
    device_hash  TEXT NOT NULL,
    ip           TEXT NOT NULL,
    request      TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    CHECK ((address IS NULL) <> (link_hash IS NULL))
);
CREATE INDEX link_requests_age ON link_requests (requested_at, id);

-- ---- The record of it: events form a hash chain per account (decision 7) ----------------------------------------------------

CREATE TABLE events (
    account_id   TEXT NOT NULL,
    seq          BIGINT NOT NULL,
    -- The form in which the entry is hashed.
    format       BIGINT NOT NULL,
    id           TEXT NOT NULL,
    at           BIGINT NOT NULL,
    action       TEXT NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     TEXT NOT NULL,
    actor_label  TEXT NOT NULL,
    on_behalf_of TEXT,
    ip           TEXT NOT NULL,
    session      TEXT NOT NULL,
    request      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    -- Action and reason, and who acted, folded for the search; no part of what is hashed.
    search_text  TEXT NOT NULL DEFAULT '',
    actor_search_text TEXT NOT NULL DEFAULT '',
    target_count BIGINT NOT NULL,
    hash         TEXT NOT NULL,
    PRIMARY KEY (account_id, seq)
);
CREATE UNIQUE INDEX events_id ON events (account_id, id);
CREATE INDEX events_by_time ON events (account_id, at, seq);
CREATE INDEX events_by_actor ON events (account_id, actor_id, seq);
CREATE INDEX events_by_action ON events (account_id, action, seq);

CREATE TABLE event_targets (
    account_id   TEXT NOT NULL,
    seq          BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    target_id    TEXT NOT NULL,
    label        TEXT NOT NULL,
    search_text  TEXT NOT NULL DEFAULT '',
    before_json  TEXT NOT NULL,
    after_json   TEXT NOT NULL,
    PRIMARY KEY (account_id, seq, place)
);
CREATE INDEX event_targets_by_target ON event_targets (account_id, target_id, seq);

-- ---- Work to do after a commit -------------------------------------------------------------------------------------------------

-- all accounts: the worker sends for everybody
CREATE TABLE outbox (
    id         TEXT PRIMARY KEY,
    account_id TEXT,
    sender_id  TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    kind       TEXT NOT NULL,
    message    TEXT NOT NULL,
    link_id    TEXT,
    -- Whose room for mails it takes (domain/src/outbox/limits.rs).
    cause      TEXT NOT NULL,
    -- Whose turns it takes: its account's, 'installation', or 'trusted'. In each turn what people asked for themselves comes first.
    queue      TEXT NOT NULL,
    is_urgent  BOOLEAN NOT NULL,
    state      TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    claimed_by TEXT,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT,
    error_code TEXT,
    error      TEXT
);
CREATE INDEX outbox_turns ON outbox (queue, is_urgent, due_at, id) WHERE state = 'pending';
CREATE INDEX outbox_claimed ON outbox (claimed_by) WHERE state = 'pending' AND claimed_by IS NOT NULL;
CREATE INDEX outbox_pending_links ON outbox (link_id) WHERE state = 'pending';
CREATE INDEX outbox_by_recipient ON outbox (recipient, account_id, created_at, id);
CREATE INDEX outbox_by_sender ON outbox (sender_id, created_at);
CREATE INDEX outbox_by_account ON outbox (account_id, created_at, id);

-- Who had a turn when, counted up, and whose mails the mail server refuses.
CREATE TABLE mail_queues (
    queue       TEXT PRIMARY KEY,
    turn        BIGINT NOT NULL,
    -- In a row, of mails that are not urgent.
    refusals    BIGINT NOT NULL,
    waits_until BIGINT NOT NULL
);
CREATE INDEX mail_queues_turn ON mail_queues (turn);

CREATE TABLE jobs (
    account_id  TEXT NOT NULL,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    state       TEXT NOT NULL,
    request     TEXT NOT NULL,
    result      TEXT,
    progress    BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    attempts    BIGINT NOT NULL DEFAULT 0,
    created_by  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    -- When a worker took it last: the account's turn.
    began_at    BIGINT,
    ended_at    BIGINT,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX jobs_turn ON jobs (account_id, began_at);
CREATE INDEX jobs_open ON jobs (state, lease_until) WHERE state IN ('queued', 'running');

CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL
);

CREATE TABLE idempotency_keys (
    caller      TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status      BIGINT,
    etag        TEXT,
    body        TEXT,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- Other processes and nodes learn here what to forget (decision 8).
-- sqlite:
CREATE TABLE change_feed (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL
);
-- end
-- postgres:
CREATE TABLE change_feed (
    seq   BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    topic TEXT NOT NULL
);
-- end
