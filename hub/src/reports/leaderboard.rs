//! Who leads: the thirteen leaderboards, each over one scope, a page at a time.

use slomix_shared::game::Weapon;

use crate::domain::leaf::{Number, Sums};
use crate::store::read::NamedPlayer;
use crate::store::{Store, StoreError};

pub mod category;
pub mod scope;

mod ranking;

pub use ranking::{Likely, Ranked};

use category::{Category, Order};
use ranking::Board;

/// Players on a page.
pub const PAGE: usize = 10;

/// A page of a leaderboard.
#[derive(Debug, Clone)]
pub struct Leaderboard {
    /// What is ranked.
    pub category: &'static Category,
    /// Over what, as in `all` or `map:supply`.
    pub scope: String,
    /// Which page, from 1.
    pub page: usize,
    /// How many there are; at least one, which may be empty.
    pub pages: usize,
    /// Players on all pages.
    pub players: usize,
    /// Rounds of those players, each player's for itself.
    pub rounds: i64,
    /// Players who are left out, since they have no more than the least sample.
    pub left_out: usize,
    /// The page's players, the best first.
    pub entries: Vec<Entry>,
}

/// A player on a leaderboard.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who.
    pub player: NamedPlayer,
    /// Where, and with what.
    pub ranked: Ranked,
}

impl Leaderboard {
    /// Reads a page; one past the last is empty.
    pub async fn read(
        store: &Store,
        category: &'static Category,
        scope: &str,
        page: usize,
    ) -> Result<Self, StoreError> {
        let board = ranked(store, category, scope).await?;
        Self::page(store, category, scope, &board, page).await
    }

    /// Reads all pages, up to a number of them; at least one, which may be empty.
    pub async fn pages(
        store: &Store,
        category: &'static Category,
        scope: &str,
        most: usize,
    ) -> Result<Vec<Self>, StoreError> {
        let board = ranked(store, category, scope).await?;
        let mut pages = vec![Self::page(store, category, scope, &board, 1).await?];
        while pages.len() < pages[0].pages.min(most) {
            pages.push(Self::page(store, category, scope, &board, pages.len() + 1).await?);
        }
        Ok(pages)
    }

    async fn page(
        store: &Store,
        category: &'static Category,
        scope: &str,
        board: &Board,
        page: usize,
    ) -> Result<Self, StoreError> {
        let from = page.saturating_sub(1) * PAGE;
        let mut entries = Vec::new();
        for ranked in board.ranked.iter().skip(from).take(PAGE) {
            if let Some(player) = store.player(ranked.player).await? {
                entries.push(Entry { player, ranked: ranked.clone() });
            }
        }
        Ok(Self {
            category,
            scope: scope.to_owned(),
            page,
            pages: board.ranked.len().div_ceil(PAGE).max(1),
            players: board.ranked.len(),
            rounds: board.ranked.iter().map(|one| Number::Rounds.of(&one.sums)).sum(),
            left_out: board.left_out,
            entries,
        })
    }
}

async fn ranked(store: &Store, category: &Category, scope: &str) -> Result<Board, StoreError> {
    let totals = match category.order {
        Order::Weapon(weapon) => of_weapon(store, scope, weapon).await?,
        _ => store.totals_of_scope(scope).await?,
    };
    Ok(ranking::rank(category, &totals))
}

async fn of_weapon(store: &Store, scope: &str, weapon: Weapon) -> Result<Vec<(i64, Sums)>, StoreError> {
    let totals = store.weapon_totals_of_scope(scope, i64::from(weapon.bit())).await?;
    Ok(totals.into_iter().map(|(player, totals)| (player, totals.sums())).collect())
}
