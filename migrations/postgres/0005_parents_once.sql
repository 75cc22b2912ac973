-- References by triggers, as 0004 began: a parent is looked up once for all new rows of a statement that name it, and
-- the rows of a session's players and the totals are looked after in the same way.

-- As in 0004; but of the rows that name the same parent one is looked at. What a `child` has to tell for that is read
-- from the condition.
create or replace function every_row_has_its_parent() returns trigger language plpgsql
    set enable_hashjoin = off
    set enable_mergejoin = off
as $$
declare
    named text;
    hangs boolean;
begin
    for at in 0 .. tg_nargs - 1 by 2 loop
        select string_agg(distinct told.by[1], ', ') into named
            from regexp_matches(tg_argv[at + 1], 'child\.\w+', 'g') told (by);
        execute format(
            'select exists (select 1 from (select distinct %s from new_rows child) child'
            ' where not exists (select 1 from %I.%I parent where %s))',
            named, tg_table_schema, tg_argv[at], tg_argv[at + 1]
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

-- Names are those that PostgreSQL gave.
alter table session_member
    drop constraint session_member_session_epoch_fkey, drop constraint session_member_player_fkey,
    drop constraint session_member_block_fkey;
alter table session_name
    drop constraint session_name_session_fkey, drop constraint session_name_player_fkey,
    drop constraint session_name_block_fkey;
alter table total drop constraint total_player_fkey;
alter table weapon_total drop constraint weapon_total_player_fkey;

create trigger inserted_rows_have_parents after insert on session_member referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'epoch', 'parent.session = child.session and parent.number = child.epoch',
    'player', 'parent.id = child.player',
    'block', 'parent.id = child.block');
create trigger updated_rows_have_parents after update on session_member referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'epoch', 'parent.session = child.session and parent.number = child.epoch',
    'player', 'parent.id = child.player',
    'block', 'parent.id = child.block');
create trigger inserted_rows_have_parents after insert on session_name referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'session', 'parent.id = child.session',
    'player', 'parent.id = child.player',
    'block', 'parent.id = child.block');
create trigger updated_rows_have_parents after update on session_name referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'session', 'parent.id = child.session',
    'player', 'parent.id = child.player',
    'block', 'parent.id = child.block');
create trigger inserted_rows_have_parents after insert on total referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'player', 'parent.id = child.player');
create trigger updated_rows_have_parents after update on total referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'player', 'parent.id = child.player');
create trigger inserted_rows_have_parents after insert on weapon_total referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'player', 'parent.id = child.player');
create trigger updated_rows_have_parents after update on weapon_total referencing new table as new_rows
    for each statement execute function every_row_has_its_parent(
    'player', 'parent.id = child.player');

create constraint trigger needed_by_session_member after delete or update of session, number on epoch
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'session_member', 'parent.session = child.session and parent.number = child.epoch');
create constraint trigger needed_by_session_member after delete or update of id on player
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'session_member', 'parent.id = child.player');
create constraint trigger needed_by_session_member after delete or update of id on block
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'session_member', 'parent.id = child.block');
create constraint trigger needed_by_session_name after delete or update of id on session
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'session_name', 'parent.id = child.session');
create constraint trigger needed_by_session_name after delete or update of id on player
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'session_name', 'parent.id = child.player');
create constraint trigger needed_by_session_name after delete or update of id on block
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'session_name', 'parent.id = child.block');
create constraint trigger needed_by_total after delete or update of id on player
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'total', 'parent.id = child.player');
create constraint trigger needed_by_weapon_total after delete or update of id on player
    deferrable initially deferred for each row execute function no_row_misses_its_parent(
    'weapon_total', 'parent.id = child.player');

-- What other rows refer to is deleted row by row: emptied at once, no trigger would see what goes.
create function refers_to_it() returns trigger language plpgsql as $$
begin
    raise foreign_key_violation using
        message = format('%s cannot be truncated: other rows refer to its own', tg_table_name),
        schema = tg_table_schema, table = tg_table_name, constraint = tg_name;
end
$$;
create trigger not_emptied_at_once before truncate on player for each statement execute function refers_to_it();
create trigger not_emptied_at_once before truncate on block for each statement execute function refers_to_it();
create trigger not_emptied_at_once before truncate on session for each statement execute function refers_to_it();
create trigger not_emptied_at_once before truncate on epoch for each statement execute function refers_to_it();
create trigger not_emptied_at_once before truncate on round for each statement execute function refers_to_it();
create trigger not_emptied_at_once before truncate on round_player for each statement execute function refers_to_it();
