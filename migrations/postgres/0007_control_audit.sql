-- What was asked for at game servers, by whom, and what came of it. Kept: nobody can make it again.
create table control_audit (
    id          bigint not null primary key, -- in the order of asking
    asked_ms    bigint not null,
    server      text collate "C" not null,
    agent       text collate "C", -- none where no agent was connected
    nonce       text collate "C" not null,
    author      text collate "C" not null,
    intent      text collate "C" not null,
    detail      text collate "C" not null, -- without passwords
    deadline_ms bigint not null, -- by the agent's clock
    answered_ms bigint,
    outcome     text collate "C" check (outcome in ('done', 'refused', 'failed')), -- none until there is an answer
    words       text collate "C" not null
);
create index control_audit_by_server on control_audit (server, id);
