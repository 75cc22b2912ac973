//! Both engines do the same: one suite over SQLite and PostgreSQL, whose schemas are alike, and which run every
//! statement of the store.
//!
//! A new function of the store belongs into a case of [`cases`]; a case runs on both engines as soon as its name stands
//! in the list below, and [`statements`] fails while a statement is seen by none.

mod cases;
mod evenings;
mod lost;
mod owner;
mod restoring;
mod schema;
mod server;
mod statements;

use std::pin::Pin;
use std::sync::Arc;

use slomix_hub::pipeline::Announcer;
use slomix_hub::store::{DatabaseUrl, Store};

use crate::pipeline::Bench;
use server::Server;

/// An empty database on PostgreSQL, and what it takes to come back to it; none where PostgreSQL is not installed.
struct OnServer {
    server: Arc<Server>,
    database: String,
}

impl OnServer {
    async fn new() -> Option<Self> {
        let server = Server::shared()?;
        let database = server.database().await;
        Some(Self { server, database })
    }

    fn url(&self) -> DatabaseUrl {
        self.server.url(&self.database)
    }

    async fn store(&self) -> Store {
        Store::connect(&self.url()).await.unwrap()
    }

    async fn bench(&self) -> Bench {
        Bench::over(self.store().await, announcer())
    }

    /// Runs a statement as the server's superuser.
    async fn run(&self, database: &str, sql: &str) {
        let mut session = self.server.session(database).await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut session).await.unwrap();
    }
}

/// Posts of any age to one channel are asked for, so that the outbox is part of what is compared.
fn announcer() -> Announcer {
    Announcer::new(Arc::new(|_| vec!["7".to_owned()]), i64::MAX)
}

type Case = fn(Bench) -> Pin<Box<dyn Future<Output = ()>>>;

macro_rules! on_both {
    ($($file:ident :: $case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::cases::$file::$case(super::Bench::announcing().await).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                let Some(place) = super::OnServer::new().await else { return };
                super::cases::$file::$case(place.bench().await).await;
            })*
        }

        /// Every case, for a run of all of them.
        const CASES: &[Case] = &[$(|bench| Box::pin(cases::$file::$case(bench))),*];
    };
}

on_both! {
    kept::what_arrives_is_kept_once_with_a_receipt_for_each_time,
    kept::what_waits_comes_newest_first_until_it_is_finished,
    kept::odd_values_come_back_as_they_were,
    kept::a_refusal_holds_until_a_milder_receipt_or_a_decision,
    receipts::in_any_order_they_come_to_the_same,
    kept_again::what_is_kept_is_read_taken_away_and_put_back,
    kept_again::batches_are_walked_with_their_files,
    kept_again::half_a_hub_is_marked_and_taken_away,
    kept_again::a_damaged_content_is_healed_by_the_same_file,
    kept_again::what_a_doctor_asks_is_answered,
    damaged::a_damaged_row_is_set_aside_and_the_same_file_heals_it,
    damaged::a_damaged_id_is_given_back,
    damaged::odd_names_are_not_taken_for_damage,
    odd::an_id_that_is_no_number_is_named_and_given_back,
    odd::a_batch_whose_number_is_none_ends_no_walk,
    odd::texts_in_totals_are_seen_and_mended,
    odd::keys_that_are_no_numbers_stop_nothing,
    copied::a_damaged_content_is_read_from_its_copy,
    copied::files_of_nothing_are_no_copies,
    copied::a_copy_of_a_damaged_row_counts,
    damaged_rows::a_row_is_healed_by_what_is_left_of_it,
    damaged_rows::what_a_row_that_is_lost_made_stands_untouched,
    altered::a_player_under_another_id_or_key_stops_nothing,
    altered::rows_of_nobody_are_mended,
    altered::leaves_that_no_rule_allows_are_part_of_no_total,
    altered::rows_of_what_is_not_there_are_named_and_removed,
    altered::what_is_left_of_files_that_are_gone_is_removed,
    papers::what_endstats_tell_stands_with_its_round,
    papers::full_guids_that_share_their_beginning_are_told,
    papers::round_events_follow_the_zone_and_come_back,
    agents::an_invite_is_good_once,
    agents::a_name_is_one_machine_and_revoked_agents_stay,
    agents::an_agent_that_asks_waits_for_the_operator,
    agents::nothing_of_a_revoked_agent_is_kept,
    control::what_is_asked_of_a_server_is_kept_with_its_answer,
    gaps::what_agents_lost_is_kept_once_and_closed_when_it_comes,
    boards::leaderboards_have_what_each_player_has,
    boards::a_half_without_the_other_is_told,
    decided::the_newest_decision_holds,
    decided::a_decision_that_is_undone_stays_and_holds_no_more,
    decided::what_a_decision_is_about_is_found_and_queued,
    decided::the_newest_owner_is_told_first,
    decided::what_was_decided_about_a_copy_is_said_of_the_first_file,
    derived::an_evening_is_derived_and_sound,
    derived::a_late_file_changes_its_block_alone,
    derived::what_was_damaged_is_found_and_mended,
    derived::another_derivation_queues_everything,
    derived::lists_of_none_touch_nothing,
    derived::a_block_that_is_gone_takes_everything_along,
    evenings::whole_lines_come_back_as_they_were_derived,
    evenings::evenings_are_listed_sized_and_followed,
    posts::a_post_goes_its_way,
    posts::a_round_that_is_gone_is_withdrawn,
    reads::reports_find_rounds_sessions_and_players,
    reads::careers_are_read_in_order_of_play,
    reads::counts_add_up,
    reads::the_newest_of_a_large_quarantine_are_found,
    kept::an_import_of_what_is_there_leaves_nothing,
    reads::what_stands_back_and_what_waits_is_told,
    reads::text_is_sorted_by_its_bytes,
    transactions::what_is_not_committed_is_as_if_it_never_was,
    transactions::a_transaction_sees_itself_and_nobody_else_sees_it,
    transactions::one_writes_at_a_time_and_each_gets_its_turn,
    transactions::what_must_not_be_is_refused,
}
