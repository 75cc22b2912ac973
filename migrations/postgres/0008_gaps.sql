-- Files that agents say are lost: neither in their directory nor in a spool, and never acknowledged. Kept: nobody can make
-- it again. One whose file comes after all stays, and is shown as closed.
create table gap (
    server      text collate "C" not null,
    kind        text collate "C" not null,
    name        text collate "C" not null,
    size        bigint not null,
    modified_ms bigint not null, -- by the game host's clock
    hash        bytea, -- none where the agent had not read the file
    why         text collate "C" not null,
    agent       text collate "C" not null, -- who told first
    noticed_ms  bigint not null, -- by the agent's clock
    told_ms     bigint not null,
    primary key (server, kind, name, size, modified_ms)
);
create index gap_by_told on gap (told_ms);
