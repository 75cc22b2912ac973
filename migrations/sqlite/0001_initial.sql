-- Three kinds of tables. Kept: what arrived, byte for byte, and how. Decided: what people or the hub committed to.
-- Derived: all else, made again by `rebuild` from the first two. Integers are 64 bits, instants Unix milliseconds,
-- stamps seconds of the server's wall clock since 2000.

-- kept ---------------------------------------------------------------------------------------------------------

create table artifact (
    id           bigint not null primary key,
    server       text   not null,
    kind         text   not null,
    name         text   not null,
    hash         blob   not null check (length(hash) = 32),
    size         bigint not null check (size >= 0),
    stamp        bigint,
    round_number bigint,
    content      blob   not null, -- zstd
    unique (server, kind, name, hash)
) without rowid;
create index artifact_by_stamp on artifact (server, kind, stamp);
create index artifact_by_name on artifact (kind, name);
create index artifact_by_hash on artifact (hash, server, kind, stamp, name);

create table batch (
    id          bigint not null primary key,
    agent       text   not null,
    boot        text   not null,
    sequence    bigint not null,
    created_ms  bigint not null,
    received_ms bigint not null,
    head        blob   not null, -- verbatim as signed
    signature   blob   not null
);
create index batch_by_sequence on batch (agent, boot, sequence);
create index batch_by_agent on batch (agent, id);

create table receipt (
    batch       bigint not null references batch (id),
    artifact    bigint not null references artifact (id),
    modified_ms bigint not null,
    closed_us   bigint,
    verdict     text   not null check (verdict in ('none', 'accept', 'suspect', 'reject')),
    rules       text   not null,
    primary key (artifact, batch)
) without rowid;

-- What arrived and has not been derived yet.
create table pending (
    artifact bigint not null primary key references artifact (id)
) without rowid;

create table agent (
    id          text   not null primary key,
    name        text   not null,
    server      text   not null,
    signing_key blob   not null check (length(signing_key) = 32),
    enrolled_ms bigint not null,
    revoked_ms  bigint -- the row stays: its key still verifies what it shipped
);
create unique index agent_by_name on agent (name) where revoked_ms is null;

create table invite (
    secret_hash blob   not null primary key check (length(secret_hash) = 32),
    name        text   not null,
    server      text   not null,
    created_ms  bigint not null,
    expires_ms  bigint not null,
    used_ms     bigint
);

-- decided ------------------------------------------------------------------------------------------------------

create table decision (
    id        bigint not null primary key,
    kind      text   not null,
    target    text   not null,
    value     text   not null,
    author    text   not null,
    reason    text   not null,
    made_ms   bigint not null,
    undone_ms bigint
);
create index decision_by_target on decision (kind, target);

create table post (
    id               bigint not null primary key, -- the order in which a channel gets its posts
    channel          text   not null,
    anchor           bigint not null references artifact (id),
    kind             text   not null,
    wanted           blob   not null check (length(wanted) = 32),
    sent             blob,
    message          text,
    state            text   not null check (state in ('pending', 'sending', 'sent', 'dead')),
    sending_since_ms bigint not null default 0,
    attempts         bigint not null default 0,
    retry_at_ms      bigint not null default 0,
    problem          text   not null default '',
    unique (channel, anchor, kind)
);
create index post_by_state on post (state, channel, id);
create index post_by_anchor on post (anchor);

-- derived ------------------------------------------------------------------------------------------------------

create table block (
    id          bigint not null primary key,
    server      text   not null,
    first_stamp bigint not null,
    last_stamp  bigint not null
);
create index block_by_span on block (server, first_stamp);

create table disposition (
    artifact bigint not null primary key,
    block    bigint not null, -- 0 for kinds that belong to no block
    state    text   not null check (state in ('stored', 'superseded', 'duplicate', 'quarantined', 'kept')),
    code     text   not null,
    reason   text   not null
);
create index disposition_by_block on disposition (block);
create index disposition_by_state on disposition (state, code);

create table session (
    id          bigint not null primary key,
    block       bigint not null,
    server      text   not null,
    date        text   not null,
    stamp       bigint not null,
    last_stamp  bigint not null,
    first_round bigint not null,
    start_ms    bigint not null,
    end_ms      bigint not null,
    wins_a      bigint not null check (wins_a >= 0),
    wins_b      bigint not null check (wins_b >= 0),
    ties        bigint not null check (ties >= 0),
    uncounted   bigint not null check (uncounted >= 0),
    agreement   bigint not null,
    confidence  text   not null
);
create index session_by_block on session (block);
create index session_by_date on session (date, id);

-- The pairs of teams of a session, counted from 0; a shuffle begins another one.
create table epoch (
    session    bigint not null,
    number     bigint not null,
    block      bigint not null,
    wins_a     bigint not null check (wins_a >= 0),
    wins_b     bigint not null check (wins_b >= 0),
    ties       bigint not null check (ties >= 0),
    uncounted  bigint not null check (uncounted >= 0),
    agreement  bigint not null,
    confidence text   not null,
    primary key (session, number)
) without rowid;
create index epoch_by_block on epoch (block);

create table session_member (
    session    bigint not null,
    epoch      bigint not null,
    player     bigint not null,
    block      bigint not null,
    team       bigint not null check (team in (-1, 1)),
    steadiness bigint not null,
    halves     bigint not null,
    core       bigint not null,
    primary key (session, epoch, player)
) without rowid;
create index session_member_by_block on session_member (block);

create table map_play (
    id          bigint not null primary key,
    block       bigint not null,
    session     bigint not null,
    map         text   not null,
    stamp       bigint not null,
    first_half  bigint,
    second_half bigint,
    epoch       bigint not null,
    result      text   not null,
    winner_team bigint not null check (winner_team in (-1, 0, 1)),
    counted     bigint not null,
    inferred    bigint not null,
    uncounted   text   not null
);
create index map_play_by_block on map_play (block);
create index map_play_by_session on map_play (session);

create table round (
    id         bigint not null primary key,
    block      bigint not null,
    server     text   not null,
    session    bigint not null,
    map_play   bigint,
    epoch      bigint not null,
    artifact   bigint not null,
    file       text   not null,
    stamp      bigint not null,
    map        text   not null,
    number     bigint not null check (number in (1, 2)),
    config     text   not null,
    host       text   not null,
    status     text   not null,
    valid      bigint not null,
    counts_for bigint not null,
    clock      bigint,
    defender   bigint check (defender in (1, 2)),
    winner     bigint check (winner in (1, 2)),
    outcome    text   not null,
    set_time   bigint,
    duration   bigint check (duration >= 0),
    start_ms   bigint not null,
    end_ms     bigint not null,
    humans     bigint not null,
    bots       bigint not null,
    axis_team  bigint not null check (axis_team in (-1, 0, 1)),
    flags      text   not null,
    hash       blob   not null -- of the players' and weapons' rows
);
create index round_by_block on round (block);
create index round_by_session on round (session);
create index round_by_artifact on round (artifact);

create table round_player (
    round                 bigint not null,
    player                bigint not null,
    name                  text   not null,
    raw_name              blob   not null,
    side                  bigint check (side in (1, 2)),
    team                  bigint not null check (team in (-1, 0, 1)),
    bot                   bigint not null,
    participant           bigint not null,
    counted               bigint not null,
    origin                text   not null,
    rounds                bigint,
    seconds               bigint check (seconds >= 0),
    kills                 bigint not null,
    deaths                bigint not null,
    hits                  bigint not null,
    shots                 bigint not null,
    headshots             bigint not null,
    bullet_hits           bigint not null,
    bullet_shots          bigint not null,
    damage_given          bigint,
    damage_received       bigint,
    team_damage_given     bigint,
    team_damage_received  bigint,
    gibs                  bigint,
    self_kills            bigint,
    team_kills            bigint,
    team_gibs             bigint,
    alive_permille        bigint,
    xp                    bigint,
    killing_spree         bigint,
    death_spree           bigint,
    kill_assists          bigint,
    kill_steals           bigint,
    headshot_kills        bigint,
    objectives_stolen     bigint,
    objectives_returned   bigint,
    dynamites_planted     bigint,
    dynamites_defused     bigint,
    times_revived         bigint,
    dead_tenths           bigint, -- minutes
    useful_kills          bigint,
    denied_seconds        bigint,
    multikill_2           bigint,
    multikill_3           bigint,
    multikill_4           bigint,
    multikill_5           bigint,
    multikill_6           bigint,
    useless_kills         bigint,
    full_selfkills        bigint,
    repairs_constructions bigint,
    revives_given         bigint,
    flags                 text   not null,
    primary key (round, player)
) without rowid;
create index round_player_by_player on round_player (player, round);

create table round_weapon (
    round     bigint not null,
    player    bigint not null,
    weapon    bigint not null check (weapon between 0 and 27),
    hits      bigint not null,
    shots     bigint not null,
    kills     bigint not null,
    deaths    bigint not null,
    headshots bigint not null,
    primary key (round, player, weapon)
) without rowid;

create table player (
    id   bigint not null primary key,
    key  text   not null unique,
    guid text   not null,
    bot  bigint not null
);

-- Names a player bore in a session; the newest row is his current one.
create table session_name (
    session     bigint not null,
    player      bigint not null,
    name        text   not null,
    block       bigint not null,
    last_round  bigint not null,
    rounds      bigint not null,
    primary key (session, player, name)
) without rowid;
create index session_name_by_block on session_name (block);
create index session_name_by_player on session_name (player, last_round);
create index session_name_by_name on session_name (name);

-- One player's sums on one map in one session; every total is made of these.
create table leaf (
    session bigint not null,
    player  bigint not null,
    map     text   not null,
    block   bigint not null,
    rounds               bigint not null,
    rounds_won           bigint not null,
    seconds              bigint not null,
    kills                bigint not null,
    deaths               bigint not null,
    damage_given         bigint not null,
    damage_received      bigint not null,
    team_damage_given    bigint not null,
    team_damage_received bigint not null,
    gibs                 bigint not null,
    self_kills           bigint not null,
    team_kills           bigint not null,
    team_gibs            bigint not null,
    bullet_hits          bigint not null,
    bullet_shots         bigint not null,
    headshots            bigint not null,
    headshot_kills       bigint not null,
    revives_given        bigint not null,
    revives_rounds       bigint not null,
    times_revived        bigint not null,
    kill_assists         bigint not null,
    useful_kills         bigint not null,
    useless_kills        bigint not null,
    denied_seconds       bigint not null,
    denied_rounds        bigint not null,
    dead_seconds         bigint not null,
    dynamites_planted    bigint not null,
    dynamites_defused    bigint not null,
    xp                   bigint not null,
    multikills           bigint not null,
    primary key (session, player, map)
) without rowid;
create index leaf_by_block on leaf (block);
create index leaf_by_player on leaf (player, session);

-- Sums of leaves by scope: `all`, `season:2026-Q4`, `month:2026-11`. Kept by adding differences.
create table total (
    scope  text   not null,
    player bigint not null,
    rounds               bigint not null,
    rounds_won           bigint not null,
    seconds              bigint not null,
    kills                bigint not null,
    deaths               bigint not null,
    damage_given         bigint not null,
    damage_received      bigint not null,
    team_damage_given    bigint not null,
    team_damage_received bigint not null,
    gibs                 bigint not null,
    self_kills           bigint not null,
    team_kills           bigint not null,
    team_gibs            bigint not null,
    bullet_hits          bigint not null,
    bullet_shots         bigint not null,
    headshots            bigint not null,
    headshot_kills       bigint not null,
    revives_given        bigint not null,
    revives_rounds       bigint not null,
    times_revived        bigint not null,
    kill_assists         bigint not null,
    useful_kills         bigint not null,
    useless_kills        bigint not null,
    denied_seconds       bigint not null,
    denied_rounds        bigint not null,
    dead_seconds         bigint not null,
    dynamites_planted    bigint not null,
    dynamites_defused    bigint not null,
    xp                   bigint not null,
    multikills           bigint not null,
    primary key (scope, player)
) without rowid;
