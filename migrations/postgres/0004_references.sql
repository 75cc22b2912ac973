-- The rows below a round and the sums of a session come by the thousand, and PostgreSQL looks up a foreign key row by
-- row: half the time of an import. Here the same references are held by triggers, which look up all rows of a statement
-- together. A row needs its parent when it is written; a parent that goes is looked after at the commit, as before.
-- Neither takes locks: one transaction at a time writes.

-- The new rows of a statement, each with a parent. Arguments by twos: the parent's table, and how a `child` names its
-- `parent`. Parents are found by their keys, however large their table is.
create function every_row_has_its_parent() returns trigger language plpgsql
    set enable_hashjoin = off
    set enable_mergejoin = off
as $$
declare
    hangs boolean;
begin
    for at in 0 .. tg_nargs - 1 by 2 loop
        execute format(
            'select exists (select 1 from new_rows child where not exists (select 1 from %I.%I parent where %s))',
            tg_table_schema, tg_argv[at], tg_argv[at + 1]
        ) into hangs;
        if hangs then
            raise foreign_key_violation using
                message = format('a row of %s refers to no row of %s', tg_table_name, tg_argv[at]),
                schema = tg_table_schema, table = tg_table_name, constraint = tg_name;
        end if;
    end loop;
    return null;
end
$$;

-- A parent that is gone or has another key, with no row left that refers to it. Arguments: the child's table, and how a
-- `child` names its `parent`. Another parent with the same key will do.
create function no_row_misses_its_parent() returns trigger language plpgsql as $$
declare
    hangs boolean;
begin
    execute format(
        'select exists (select 1 from %1$I.%2$I child, (select ($1).*) parent where %4$s'
        ' and not exists (select 1 from %1$I.%3$I parent where %4$s))',
        tg_table_schema, tg_argv[0], tg_table_name, tg_argv[1]
    ) into hangs using old;
    if hangs then
        raise foreign_key_violation using
            message = format('a row of %s is gone, and one of %s still refers to it', tg_table_name, tg_argv[0]),
            schema = tg_table_schema, table = tg_table_name, constraint = tg_name;
    end if;
    return null;
end
$$;

-- Names are those that PostgreSQL gave.
alter table round_player drop constraint round_player_round_fkey, drop constraint round_player_player_fkey;
alter table round_weapon drop constraint round_weapon_round_player_fkey;
alter table leaf
    drop constraint leaf_session_fkey, drop constraint leaf_player_fkey, drop constraint leaf_block_fkey;
alter table weapon_leaf
    drop constraint weapon_leaf_session_fkey, drop constraint weapon_leaf_player_fkey,
    drop constraint weapon_leaf_block_fkey;

-- New rows and changed ones take a trigger each: none that sees its rows together may be for both.
create trigger inserted_rows_have_parents after insert on round_player referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'round', 'parent.id = child.round',
    'player', 'parent.id = child.player');
create trigger updated_rows_have_parents after update on round_player referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'round', 'parent.id = child.round',
    'player', 'parent.id = child.player');
create trigger inserted_rows_have_parents after insert on round_weapon referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'round_player', 'parent.round = child.round and parent.player = child.player');
create trigger updated_rows_have_parents after update on round_weapon referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'round_player', 'parent.round = child.round and parent.player = child.player');
create trigger inserted_rows_have_parents after insert on leaf referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'session', 'parent.id = child.session',
    'player', 'parent.id = child.player',
    'block', 'parent.id = child.block');
create trigger updated_rows_have_parents after update on leaf referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'session', 'parent.id = child.session',
    'player', 'parent.id = child.player',
    'block', 'parent.id = child.block');
create trigger inserted_rows_have_parents after insert on weapon_leaf referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'session', 'parent.id = child.session',
    'player', 'parent.id = child.player',
    'block', 'parent.id = child.block');
create trigger updated_rows_have_parents after update on weapon_leaf referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'session', 'parent.id = child.session',
    'player', 'parent.id = child.player',
    'block', 'parent.id = child.block');

create constraint trigger needed_by_round_player after delete or update of id on round
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'round_player', 'parent.id = child.round');
create constraint trigger needed_by_round_player after delete or update of id on player
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'round_player', 'parent.id = child.player');
create constraint trigger needed_by_round_weapon after delete or update of round, player on round_player
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'round_weapon', 'parent.round = child.round and parent.player = child.player');
create constraint trigger needed_by_leaf after delete or update of id on session
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'leaf', 'parent.id = child.session');
create constraint trigger needed_by_leaf after delete or update of id on player
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'leaf', 'parent.id = child.player');
create constraint trigger needed_by_leaf after delete or update of id on block
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'leaf', 'parent.id = child.block');
create constraint trigger needed_by_weapon_leaf after delete or update of id on session
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'weapon_leaf', 'parent.id = child.session');
create constraint trigger needed_by_weapon_leaf after delete or update of id on player
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'weapon_leaf', 'parent.id = child.player');
create constraint trigger needed_by_weapon_leaf after delete or update of id on block
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'weapon_leaf', 'parent.id = child.block');
