-- The derived tables and the constraints that hold between them. Everything in them is made again from what is kept.
--
-- Foreign keys are checked at commit: a block is compared table by table, and in between its rows may hang loose.

alter table decision add column undone_by text not null default '';
alter table decision add column undone_because text not null default '';

-- Which version of the deriving code made the derived rows; another version queues everything anew.
create table derivation (
    id      bigint not null primary key check (id = 1),
    version bigint not null
);

create table block (
    id          bigint not null primary key,
    server      text   not null,
    first_stamp bigint not null,
    last_stamp  bigint not null,
    check (first_stamp <= last_stamp)
);
create index block_by_span on block (server, first_stamp);

-- What became of each artifact.
create table disposition (
    artifact bigint not null primary key references artifact (id) deferrable initially deferred,
    block    bigint references block (id) deferrable initially deferred, -- none for what belongs to no block
    state    text   not null check (state in ('stored', 'superseded', 'duplicate', 'quarantined', 'kept')),
    code     text   not null,
    reason   text   not null
);
create index disposition_by_block on disposition (block);
create index disposition_by_state on disposition (state, code);

create table session (
    id          bigint not null primary key,
    block       bigint not null references block (id) deferrable initially deferred,
    server      text   not null,
    date        text   not null check (length(date) = 10),
    stamp       bigint not null,
    last_stamp  bigint not null,
    first_round bigint not null,
    start_ms    bigint not null,
    end_ms      bigint not null,
    wins_a      bigint not null check (wins_a >= 0),
    wins_b      bigint not null check (wins_b >= 0),
    ties        bigint not null check (ties >= 0),
    uncounted   bigint not null check (uncounted >= 0),
    agreement   bigint not null check (agreement between 0 and 1000),
    confidence  text   not null check (confidence in ('low', 'medium', 'high'))
);
create index session_by_block on session (block);
create index session_by_date on session (date, id);

-- The pairs of teams of a session, counted from 0; a shuffle begins another one.
create table epoch (
    session    bigint not null references session (id) deferrable initially deferred,
    number     bigint not null check (number >= 0),
    block      bigint not null references block (id) deferrable initially deferred,
    wins_a     bigint not null check (wins_a >= 0),
    wins_b     bigint not null check (wins_b >= 0),
    ties       bigint not null check (ties >= 0),
    uncounted  bigint not null check (uncounted >= 0),
    agreement  bigint not null check (agreement between 0 and 1000),
    confidence text   not null check (confidence in ('low', 'medium', 'high')),
    primary key (session, number)
);
create index epoch_by_block on epoch (block);

create table player (
    id   bigint not null primary key,
    key  text   not null unique,
    guid text   not null check (length(guid) between 1 and 8),
    bot  bigint not null check (bot in (0, 1))
);

create table session_member (
    session    bigint not null,
    epoch      bigint not null,
    player     bigint not null references player (id) deferrable initially deferred,
    block      bigint not null references block (id) deferrable initially deferred,
    team       bigint not null check (team in (-1, 1)),
    steadiness bigint not null check (steadiness between 0 and 1000),
    halves     bigint not null check (halves >= 0),
    core       bigint not null check (core in (0, 1)),
    primary key (session, epoch, player),
    foreign key (session, epoch) references epoch (session, number) deferrable initially deferred
);
create index session_member_by_block on session_member (block);
create index session_member_by_player on session_member (player, session);

create table map_play (
    id          bigint not null primary key,
    block       bigint not null references block (id) deferrable initially deferred,
    session     bigint not null references session (id) deferrable initially deferred,
    map         text   not null,
    stamp       bigint not null,
    first_half  bigint,
    second_half bigint,
    epoch       bigint not null,
    result      text   not null check (result in ('first', 'second', 'tie', 'incomplete', 'unknown')),
    winner_team bigint not null check (winner_team in (-1, 0, 1)),
    counted     bigint not null check (counted in (0, 1)),
    inferred    bigint not null check (inferred in (0, 1)),
    uncounted   text   not null,
    check (first_half is not null or second_half is not null)
);
create index map_play_by_block on map_play (block);
create index map_play_by_session on map_play (session);

create table round (
    id            bigint not null primary key,
    block         bigint not null references block (id) deferrable initially deferred,
    server        text   not null,
    session       bigint not null references session (id) deferrable initially deferred,
    map_play      bigint references map_play (id) deferrable initially deferred,
    epoch         bigint not null,
    artifact      bigint not null references artifact (id) deferrable initially deferred,
    file          text   not null,
    stamp         bigint not null,
    map           text   not null,
    number        bigint not null check (number in (1, 2)),
    config        text   not null,
    host          text   not null,
    status        text   not null check (status in ('complete', 'orphan', 'abandoned', 'cancelled', 'substitution', 'aborted')),
    valid         bigint not null check (valid in (0, 1)),
    counts_for    bigint not null check (counts_for between 0 and 15),
    clock         bigint check (clock >= 0),
    defender      bigint check (defender in (1, 2)),
    winner        bigint check (winner in (1, 2)),
    outcome       text   not null check (outcome in ('completed', 'held', 'unknown')),
    set_time      bigint check (set_time >= 0),
    duration      bigint check (duration >= 0),
    start_ms      bigint not null,
    end_ms        bigint not null,
    end_reason    text   not null check (end_reason in ('unknown', 'objective', 'time_expired', 'surrender')),
    surrendered   bigint check (surrendered in (1, 2)), -- the army that gave up
    pauses        bigint check (pauses >= 0),
    pause_seconds bigint check (pause_seconds >= 0),
    humans        bigint not null check (humans >= 0),
    bots          bigint not null check (bots >= 0),
    axis_team     bigint not null check (axis_team in (-1, 0, 1)),
    flags         text   not null,
    hash          bytea   not null, -- of the rows below it
    check (start_ms <= end_ms),
    check (status <> 'aborted' or valid = 0),
    check (surrendered is null or end_reason = 'surrender')
);
create index round_by_block on round (block);
create index round_by_session on round (session);
create index round_by_map_play on round (map_play);
create index round_by_artifact on round (artifact);

create table round_player (
    round                 bigint not null references round (id) deferrable initially deferred,
    player                bigint not null references player (id) deferrable initially deferred,
    name                  text   not null,
    raw_name              bytea   not null,
    side                  bigint check (side in (1, 2)),
    team                  bigint not null check (team in (-1, 0, 1)),
    bot                   bigint not null check (bot in (0, 1)),
    participant           bigint not null check (participant in (0, 1)),
    counted               bigint not null check (counted in (0, 1)),
    origin                text   not null check (origin in ('as_written', 'difference', 'reset', 'cumulative')),
    rounds                bigint,
    seconds               bigint check (seconds >= 0),
    kills                 bigint not null check (kills >= 0),
    deaths                bigint not null check (deaths >= 0),
    hits                  bigint not null check (hits >= 0),
    shots                 bigint not null check (shots >= 0),
    headshots             bigint not null check (headshots >= 0),
    bullet_hits           bigint not null check (bullet_hits >= 0),
    bullet_shots          bigint not null check (bullet_shots >= 0),
    damage_given          bigint check (damage_given >= 0),
    damage_received       bigint check (damage_received >= 0),
    team_damage_given     bigint check (team_damage_given >= 0),
    team_damage_received  bigint check (team_damage_received >= 0),
    gibs                  bigint check (gibs >= 0),
    self_kills            bigint check (self_kills >= 0),
    team_kills            bigint check (team_kills >= 0),
    team_gibs             bigint check (team_gibs >= 0),
    alive_permille        bigint check (alive_permille >= 0),
    xp                    bigint, -- the only one that may be negative
    killing_spree         bigint check (killing_spree >= 0),
    death_spree           bigint check (death_spree >= 0),
    kill_assists          bigint check (kill_assists >= 0),
    kill_steals           bigint check (kill_steals >= 0),
    headshot_kills        bigint check (headshot_kills >= 0),
    objectives_stolen     bigint check (objectives_stolen >= 0),
    objectives_returned   bigint check (objectives_returned >= 0),
    dynamites_planted     bigint check (dynamites_planted >= 0),
    dynamites_defused     bigint check (dynamites_defused >= 0),
    times_revived         bigint check (times_revived >= 0),
    dead_tenths           bigint check (dead_tenths >= 0), -- minutes, as written
    useful_kills          bigint check (useful_kills >= 0),
    denied_seconds        bigint check (denied_seconds >= 0),
    multikill_2           bigint check (multikill_2 >= 0),
    multikill_3           bigint check (multikill_3 >= 0),
    multikill_4           bigint check (multikill_4 >= 0),
    multikill_5           bigint check (multikill_5 >= 0),
    multikill_6           bigint check (multikill_6 >= 0),
    useless_kills         bigint check (useless_kills >= 0),
    full_selfkills        bigint check (full_selfkills >= 0),
    repairs_constructions bigint check (repairs_constructions >= 0),
    revives_given         bigint check (revives_given >= 0),
    dead_seconds          bigint check (dead_seconds >= 0), -- at most the time played
    tank_tenths           bigint check (tank_tenths >= 0), -- recomputed from this round's share
    flags                 text   not null,
    primary key (round, player)
);
create index round_player_by_player on round_player (player, round);

create table round_weapon (
    round     bigint not null,
    player    bigint not null,
    weapon    bigint not null check (weapon between 0 and 27),
    hits      bigint not null check (hits >= 0),
    shots     bigint not null check (shots >= 0),
    kills     bigint not null check (kills >= 0),
    deaths    bigint not null check (deaths >= 0),
    headshots bigint not null check (headshots >= 0),
    primary key (round, player, weapon),
    foreign key (round, player) references round_player (round, player) deferrable initially deferred
);

-- Award lines of the endstats, in the order of the file.
create table round_award (
    round  bigint not null references round (id) deferrable initially deferred,
    place  bigint not null check (place >= 0),
    award  text   not null, -- a stable key
    scope  text   not null check (scope in ('match', 'round', 'mixed', 'unknown')),
    holder text   not null, -- the name as written
    player bigint references player (id) deferrable initially deferred,
    value  text   not null, -- as written
    amount bigint, -- in thousandths
    primary key (round, place)
);
create index round_award_by_player on round_award (player);

-- Who killed whom how often, out of the endstats' versus blocks.
create table round_duel (
    round           bigint not null references round (id) deferrable initially deferred,
    place           bigint not null check (place >= 0),
    scope           text   not null check (scope in ('match', 'round')),
    subject         text, -- older writers do not name him
    subject_player  bigint references player (id) deferrable initially deferred,
    opponent        text   not null,
    opponent_player bigint references player (id) deferrable initially deferred,
    kills           bigint not null check (kills >= 0),
    deaths          bigint not null check (deaths >= 0),
    primary key (round, place)
);
create index round_duel_by_subject on round_duel (subject_player);
create index round_duel_by_opponent on round_duel (opponent_player);

-- Full GUIDs as endstats and round events told them; a player is known by their first 8 characters.
create table player_guid (
    session bigint not null references session (id) deferrable initially deferred,
    player  bigint not null references player (id) deferrable initially deferred,
    guid    text   not null check (length(guid) = 32),
    block   bigint not null references block (id) deferrable initially deferred,
    primary key (session, player, guid)
);
create index player_guid_by_block on player_guid (block);
create index player_guid_by_player on player_guid (player, guid);

-- Names a player bore in a session; the newest row is his current one.
create table session_name (
    session     bigint not null references session (id) deferrable initially deferred,
    player      bigint not null references player (id) deferrable initially deferred,
    name        text   not null,
    block       bigint not null references block (id) deferrable initially deferred,
    last_round  bigint not null,
    rounds      bigint not null check (rounds > 0),
    primary key (session, player, name)
);
create index session_name_by_block on session_name (block);
create index session_name_by_player on session_name (player, last_round);
create index session_name_by_name on session_name (name);

-- One player's sums on one map in one session; every total is made of these.
create table leaf (
    session bigint not null references session (id) deferrable initially deferred,
    player  bigint not null references player (id) deferrable initially deferred,
    map     text   not null,
    block   bigint not null references block (id) deferrable initially deferred,
    rounds               bigint not null check (rounds >= 0),
    rounds_won           bigint not null check (rounds_won >= 0),
    seconds              bigint not null check (seconds >= 0),
    kills                bigint not null check (kills >= 0),
    deaths               bigint not null check (deaths >= 0),
    damage_given         bigint not null check (damage_given >= 0),
    damage_received      bigint not null check (damage_received >= 0),
    team_damage_given    bigint not null check (team_damage_given >= 0),
    team_damage_received bigint not null check (team_damage_received >= 0),
    gibs                 bigint not null check (gibs >= 0),
    self_kills           bigint not null check (self_kills >= 0),
    team_kills           bigint not null check (team_kills >= 0),
    team_gibs            bigint not null check (team_gibs >= 0),
    bullet_hits          bigint not null check (bullet_hits >= 0),
    bullet_shots         bigint not null check (bullet_shots >= 0),
    headshots            bigint not null check (headshots >= 0),
    headshot_kills       bigint not null check (headshot_kills >= 0),
    revives_given        bigint not null check (revives_given >= 0),
    revives_rounds       bigint not null check (revives_rounds >= 0),
    times_revived        bigint not null check (times_revived >= 0),
    kill_assists         bigint not null check (kill_assists >= 0),
    useful_kills         bigint not null check (useful_kills >= 0),
    useless_kills        bigint not null check (useless_kills >= 0),
    denied_seconds       bigint not null check (denied_seconds >= 0),
    denied_rounds        bigint not null check (denied_rounds >= 0),
    dead_seconds         bigint not null check (dead_seconds >= 0),
    dynamites_planted    bigint not null check (dynamites_planted >= 0),
    dynamites_defused    bigint not null check (dynamites_defused >= 0),
    xp                   bigint not null,
    multikills           bigint not null check (multikills >= 0),
    primary key (session, player, map)
);
create index leaf_by_block on leaf (block);
create index leaf_by_player on leaf (player, session);

-- Sums of leaves by scope: `all`, `season:2026-Q4`, `month:2026-11`. Kept by adding differences, which may be negative and
-- are checked like rows: so there are no bounds here, the leaves have them.
create table total (
    scope  text   not null,
    player bigint not null references player (id) deferrable initially deferred,
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
);
create index total_by_player on total (player);

-- One player's sums with one weapon in one session.
create table weapon_leaf (
    session   bigint not null references session (id) deferrable initially deferred,
    player    bigint not null references player (id) deferrable initially deferred,
    weapon    bigint not null check (weapon between 0 and 27),
    block     bigint not null references block (id) deferrable initially deferred,
    rounds    bigint not null check (rounds > 0),
    hits      bigint not null check (hits >= 0),
    shots     bigint not null check (shots >= 0),
    kills     bigint not null check (kills >= 0),
    deaths    bigint not null check (deaths >= 0),
    headshots bigint not null check (headshots >= 0),
    primary key (session, player, weapon)
);
create index weapon_leaf_by_block on weapon_leaf (block);
create index weapon_leaf_by_player on weapon_leaf (player, session);

-- Sums of weapon leaves by scope.
create table weapon_total (
    scope     text   not null,
    player    bigint not null references player (id) deferrable initially deferred,
    weapon    bigint not null check (weapon between 0 and 27),
    rounds    bigint not null,
    hits      bigint not null,
    shots     bigint not null,
    kills     bigint not null,
    deaths    bigint not null,
    headshots bigint not null,
    primary key (scope, player, weapon)
);
create index weapon_total_by_player on weapon_total (player);

insert into derivation (id, version) values (1, 2);
