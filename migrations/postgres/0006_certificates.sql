-- When an agent's certificate ends, as the hub last saw one of it.
alter table agent add column certificate_ends_ms bigint;

-- An agent that has lost its certificate, or let it run out, and asks for another with the key it still holds: at most
-- one row for each that may ship, gone when it is let in or has not asked for a day.
create table readmission (
    agent       text collate "C" not null primary key references agent (id),
    since_ms    bigint not null,
    last_ms     bigint not null,
    address     text collate "C" not null,
    approved_ms bigint
);
