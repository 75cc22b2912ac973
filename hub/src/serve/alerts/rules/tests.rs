use super::*;
use crate::serve::{LivePlayer, ReadmissionLine};

const NOW_MS: i64 = 1_794_253_837_000;
const MINUTE: i64 = 60_000;

fn vienna() -> AgentLine {
    AgentLine {
        name: "vienna".to_owned(),
        server: "main".to_owned(),
        connected: true,
        certificate_ends_ms: Some(NOW_MS + 5 * 24 * 60 * MINUTE),
        unacked_files: Some(0),
        ..AgentLine::default()
    }
}

fn view(agent: AgentLine) -> View {
    View { now_ms: NOW_MS, started_ms: NOW_MS - 60 * MINUTE, agents: Some(vec![agent]), ..View::default() }
}

fn of(rule: Rule, view: &View) -> State {
    findings(view).into_iter().find(|finding| finding.rule == rule).unwrap().state
}

/// The titles of what is wrong.
fn wrong(view: &View) -> Vec<String> {
    let title = |finding: Finding| match finding.state {
        State::Wrong(title, lines) => {
            assert!(!lines.is_empty() && lines.iter().all(|line| line.len() < 160), "{lines:?}");
            Some(title)
        }
        _ => None,
    };
    findings(view).into_iter().filter_map(title).collect()
}

#[test]
fn all_is_well_where_nothing_is_wrong() {
    assert_eq!(wrong(&view(vienna())), Vec::<String>::new());
    assert_eq!(wrong(&View::default()), Vec::<String>::new());
    let revoked = AgentLine { revoked_ms: Some(1), connected: false, last_batch_ms: Some(NOW_MS), ..vienna() };
    assert_eq!(wrong(&view(revoked.clone())), Vec::<String>::new());
    assert_eq!(of(Rule::Silent, &view(revoked.clone())), State::Well, "an alert of before is over");
    let away = AgentLine { revoked_ms: None, ..revoked.clone() };
    let both = View { agents: Some(vec![away, revoked]), ..view(vienna()) };
    assert_eq!(wrong(&both), ["No word from vienna"], "who bears the name now counts");
    let last = findings(&both).into_iter().rfind(|finding| finding.rule == Rule::Silent).unwrap();
    assert!(matches!(last.state, State::Wrong(..)), "and is said last: {last:?}");
}

#[test]
fn what_an_agent_cannot_read_matters_while_somebody_plays() {
    let problems: Vec<String> = (1..=5).map(|number| format!("/et/gamestats: file {number} cannot be read")).collect();
    let closed = AgentLine { told_ms: Some(NOW_MS), problems, ..vienna() };
    assert_eq!(of(Rule::Unreadable, &view(closed.clone())), State::Unclear, "nobody plays");
    let playing = AgentLine { last_batch_ms: Some(NOW_MS - MINUTE), ..closed };
    assert_eq!(wrong(&view(playing.clone())), ["vienna cannot read all that the game writes"]);
    let State::Wrong(_, lines) = of(Rule::Unreadable, &view(playing.clone())) else { panic!("it is wrong") };
    assert_eq!(lines.len(), 4, "three of them, and what to do: {lines:?}");
    let mended = AgentLine { problems: vec![], ..playing.clone() };
    assert_eq!(of(Rule::Unreadable, &view(mended)), State::Well);
    let gone = AgentLine { connected: false, ..playing };
    assert_eq!(of(Rule::Unreadable, &view(gone)), State::Unclear);
}

#[test]
fn files_may_wait_for_five_minutes() {
    let waiting = |minutes: u64, files| AgentLine {
        unacked_files: Some(files),
        oldest_unacked_ms: Some(minutes * 60_000),
        ..vienna()
    };
    assert_eq!(of(Rule::Unacked, &view(waiting(5, 3))), State::Well);
    assert_eq!(of(Rule::Unacked, &view(waiting(900, 0))), State::Well);
    let State::Wrong(title, lines) = of(Rule::Unacked, &view(waiting(6, 3))) else { panic!() };
    assert_eq!(title, "Files of vienna do not arrive");
    assert_eq!(lines[0], "3 files wait for the hub, the oldest for 6 min.");
    let young = View { started_ms: NOW_MS - 4 * MINUTE, ..view(waiting(900, 3)) };
    assert_eq!(of(Rule::Unacked, &young), State::Unclear, "a hub that was away finds them waiting");
    assert_eq!(of(Rule::Unacked, &view(AgentLine { connected: false, ..waiting(6, 3) })), State::Unclear);
}

#[test]
fn an_agent_may_be_away_while_nobody_plays() {
    let away = AgentLine { connected: false, ..vienna() };
    assert_eq!(of(Rule::Silent, &view(away.clone())), State::Unclear);
    let shipped = |minutes| AgentLine { last_batch_ms: Some(NOW_MS - minutes * MINUTE), ..away.clone() };
    assert_eq!(of(Rule::Silent, &view(shipped(31))), State::Unclear);
    assert_eq!(wrong(&view(shipped(29))), ["No word from vienna"]);

    let beside = AgentLine { id: "2".to_owned(), name: "linz".to_owned(), ..vienna() };
    let both = View { agents: Some(vec![shipped(1), beside]), ..view(away.clone()) };
    assert_eq!(wrong(&both), Vec::<String>::new(), "another agent ships for the server");

    let player = LivePlayer { team: None, name: "Alpha".to_owned(), score: 0 };
    let server = |players, minutes| LiveLine {
        server: "main".to_owned(),
        players: Some(players),
        answered_ms: Some(NOW_MS - minutes * MINUTE),
        ..LiveLine::default()
    };
    let seen = |players, minutes| View { servers: vec![server(players, minutes)], ..view(away.clone()) };
    assert_eq!(of(Rule::Silent, &seen(vec![], 1)), State::Unclear);
    assert_eq!(of(Rule::Silent, &seen(vec![player.clone()], 31)), State::Unclear);
    assert_eq!(wrong(&seen(vec![player], 1)), ["No word from vienna"]);
}

#[test]
fn a_certificate_has_to_be_renewed_days_before_its_end() {
    let ends_in = |hours: i64| AgentLine { certificate_ends_ms: Some(NOW_MS + hours * 60 * MINUTE), ..vienna() };
    assert_eq!(of(Rule::Certificate, &view(ends_in(25))), State::Well);
    assert_eq!(wrong(&view(ends_in(20))), ["The certificate of vienna is not renewed"]);
    assert_eq!(of(Rule::Certificate, &view(AgentLine { connected: false, ..ends_in(2) })), State::Unclear);
}

#[test]
fn who_asks_to_be_let_in_is_told_until_somebody_decides() {
    let asked = |approved_ms| ReadmissionLine { address: "192.0.2.8".to_owned(), approved_ms, ..Default::default() };
    let asks = AgentLine { connected: false, readmission: Some(asked(None)), ..vienna() };
    assert_eq!(wrong(&view(asks.clone())), ["vienna asks to be let in again"]);
    assert_eq!(of(Rule::Approval, &view(AgentLine { readmission: Some(asked(Some(1))), ..asks })), State::Well);
}

#[test]
fn the_hub_tells_of_itself() {
    let stuck = View { obstacles: vec!["the disk is full".to_owned()], agents: None, ..view(vienna()) };
    assert_eq!(wrong(&stuck), ["The hub cannot keep what comes"]);
    let grown = |more| View { grown: Some((more, None)), ..view(vienna()) };
    assert_eq!(of(Rule::Quarantine, &grown(0)), State::Well);
    assert_eq!([wrong(&grown(1)), wrong(&grown(7))].concat(), ["A file cannot be read", "7 files cannot be read"]);
}
