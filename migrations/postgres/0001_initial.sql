-- Three kinds of tables. Kept: what arrived, byte for byte, and how. Decided: what people or the hub committed to.
-- Derived: all else, made again by `rebuild` from the first two. Integers are 64 bits, instants Unix milliseconds,
-- stamps seconds of the server's wall clock since 2000. Text is compared and sorted by its bytes, as SQLite does it.

-- kept ---------------------------------------------------------------------------------------------------------

create table artifact (
    id           bigint not null primary key,
    server       text collate "C" not null,
    kind         text collate "C" not null,
    name         text collate "C" not null,
    hash         bytea  not null check (length(hash) = 32),
    size         bigint not null check (size >= 0),
    stamp        bigint,
    round_number bigint,
    content      bytea  not null, -- zstd
    unique (server, kind, name, hash)
);
create index artifact_by_stamp on artifact (server, kind, stamp);
create index artifact_by_name on artifact (kind, name);
create index artifact_by_hash on artifact (hash, server, kind, stamp, name);

create table batch (
    id          bigint not null primary key,
    agent       text collate "C" not null,
    boot        text collate "C" not null,
    sequence    bigint not null,
    created_ms  bigint not null,
    received_ms bigint not null,
    head        bytea  not null, -- verbatim as signed
    signature   bytea  not null
);
create index batch_by_sequence on batch (agent, boot, sequence);
create index batch_by_agent on batch (agent, id);

create table receipt (
    batch       bigint not null references batch (id),
    artifact    bigint not null references artifact (id),
    modified_ms bigint not null,
    closed_us   bigint,
    verdict     text collate "C" not null check (verdict in ('none', 'accept', 'suspect', 'reject')),
    rules       text collate "C" not null,
    primary key (artifact, batch)
);

-- What arrived and has not been derived yet.
create table pending (
    artifact bigint not null primary key references artifact (id)
);

create table agent (
    id          text collate "C" not null primary key,
    name        text collate "C" not null,
    server      text collate "C" not null,
    signing_key bytea  not null check (length(signing_key) = 32),
    enrolled_ms bigint not null,
    revoked_ms  bigint -- the row stays: its key still verifies what it shipped
);
create unique index agent_by_name on agent (name) where revoked_ms is null;

create table invite (
    secret_hash bytea  not null primary key check (length(secret_hash) = 32),
    name        text collate "C" not null,
    server      text collate "C" not null,
    created_ms  bigint not null,
    expires_ms  bigint not null,
    used_ms     bigint
);

-- decided ------------------------------------------------------------------------------------------------------

create table decision (
    id        bigint not null primary key,
    kind      text collate "C" not null,
    target    text collate "C" not null,
    value     text collate "C" not null,
    author    text collate "C" not null,
    reason    text collate "C" not null,
    made_ms   bigint not null,
    undone_ms bigint
);
create index decision_by_target on decision (kind, target);

create table post (
    id               bigint not null primary key, -- the order in which a channel gets its posts
    channel          text collate "C" not null,
    anchor           bigint not null references artifact (id),
    kind             text collate "C" not null,
    wanted           bytea  not null check (length(wanted) = 32),
    sent             bytea,
    message          text collate "C",
    state            text collate "C" not null check (state in ('pending', 'sending', 'sent', 'dead')),
    sending_since_ms bigint not null default 0,
    attempts         bigint not null default 0,
    retry_at_ms      bigint not null default 0,
    problem          text collate "C" not null default '',
    unique (channel, anchor, kind)
);
create index post_by_state on post (state, channel, id);
create index post_by_anchor on post (anchor);
