use slomix_hub::domain::leaf::Number;
use slomix_hub::store::affected::OldBlock;
use slomix_hub::store::{BlockRows, Durability};
use slomix_hub::values;
use slomix_shared::artifact::{ContentHash, Kind};
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

pub(in crate::engines) async fn reports_find_rounds_sessions_and_players(bench: Bench) {
    let store = &bench.store;
    let files = evenings(7, 2, Accidents::default());
    bench.keep(&files).await;
    bench.derive().await;

    let sessions = store.newest_sessions(10).await.unwrap();
    assert_eq!(sessions.len(), 2);
    assert!(sessions[0].date > sessions[1].date);
    assert_eq!(store.newest_sessions(1).await.unwrap(), sessions[..1]);
    assert_eq!(store.sessions_on(&sessions[1].date).await.unwrap(), sessions[1..]);
    let session = &sessions[0];
    assert_eq!(store.session(session.id).await.unwrap().as_ref(), Some(session));
    assert_eq!(store.session(1).await.unwrap(), None);
    let plays = store.map_plays(session.id).await.unwrap();
    assert_eq!(plays.len(), 3);
    assert!(plays.iter().all(|play| play.counted && play.first_half.is_some() && play.second_half.is_some()));
    let members = store.members(session.id).await.unwrap();
    assert!(members.len() >= 6 && members.iter().all(|member| !member.name.is_empty() && member.halves > 0));

    let rounds = store.rounds_of_session(session.id).await.unwrap();
    assert_eq!(rounds.len(), 6);
    let round = &rounds[0];
    assert_eq!(store.round(round.id).await.unwrap().as_ref(), Some(round));
    assert_eq!(store.round_of_artifact(round.artifact).await.unwrap().as_ref(), Some(round));
    assert_eq!(store.round_of_file(&round.file).await.unwrap().as_ref(), Some(round));
    assert_eq!(store.round_of_file("nothing").await.unwrap(), None);
    let players = store.round_players(round.id).await.unwrap();
    assert!(players.len() >= 6);
    let of_session = store.session_players(session.id).await.unwrap();
    assert!(of_session.len() >= 36 && of_session.iter().filter(|one| one.round == round.id).eq(&players));

    let player = store.player(players[0].player).await.unwrap().unwrap();
    assert_eq!(store.player(1).await.unwrap(), None);
    let names = store.aliases(player.player).await.unwrap();
    assert!(names.iter().any(|alias| alias.name == player.name && alias.rounds > 0));
    assert!(store.first_and_last(player.player).await.unwrap().is_some_and(|(first, last)| first <= last));
    assert_eq!(store.session_count(player.player).await.unwrap(), 1);
    let full = store.full_guids(player.player).await.unwrap();
    assert!(matches!(&full[..], [full] if full.starts_with(&player.key)), "{full:?}");
    assert!(store.players_of_session(session.id).await.unwrap().iter().any(|one| one.key == player.key));
    assert!(store.sessions_of_player(player.player, 5).await.unwrap().iter().any(|(id, _)| *id == session.id));
    assert!(!store.weapon_totals("all", player.player).await.unwrap().is_empty());
    let by_key = store.find_players(&player.key.to_lowercase()).await.unwrap();
    let by_id = store.find_players(&player.player.to_string()).await.unwrap();
    assert_eq!((by_key.as_slice(), by_id.as_slice()), ([player.clone()].as_slice(), [player.clone()].as_slice()));
    let by_name = store.find_players(&player.name.to_uppercase()).await.unwrap();
    assert!(by_name.contains(&player), "{by_name:?}");
    let part: String = player.name.chars().skip(1).collect();
    assert!(store.find_players(&part).await.unwrap().contains(&player));
    assert!(store.find_players("100%_nobody\\").await.unwrap().is_empty());
    let like = store.players_like(&part.to_uppercase(), 25).await.unwrap();
    assert!(like.contains(&player) && store.players_like(&part, 1).await.unwrap().len() == 1);
    assert_eq!(store.players_like(&player.key, 25).await.unwrap(), std::slice::from_ref(&player));
    let newest = store.newest_players(100).await.unwrap();
    assert!(newest.contains(&player) && newest.is_sorted_by_key(|one| -one.last_round), "{newest:?}");
    assert_eq!(store.newest_players(1).await.unwrap(), newest[..1]);
    store.vacuum().await.unwrap();
    assert_eq!(store.newest_players(1).await.unwrap(), newest[..1]);

    let all = store.totals("all", player.player).await.unwrap().unwrap();
    assert_eq!(store.totals("month:1999-01", player.player).await.unwrap(), None);
    let maps = store.map_totals(player.player).await.unwrap();
    assert_eq!(maps.iter().map(|(_, sums)| Number::Kills.of(sums)).sum::<i64>(), Number::Kills.of(&all));
    let newest = store.rounds_of_player(player.player, 3).await.unwrap();
    assert_eq!(newest.len(), 3);
    assert!(newest[0].0.id > newest[1].0.id && newest.iter().all(|(round, row)| round.id == row.round));
}

pub(in crate::engines) async fn careers_are_read_in_order_of_play(bench: Bench) {
    let store = &bench.store;
    bench.keep(&evenings(7, 2, Accidents::default())).await;
    bench.derive().await;
    let session = store.newest_sessions(1).await.unwrap().remove(0);
    let player = store.players_of_session(session.id).await.unwrap().remove(0).player;
    let all = store.totals("all", player).await.unwrap().unwrap();
    let sums = [Number::Rounds, Number::Kills, Number::Deaths].map(|number| number.of(&all));

    let done = store.done_by_session(player).await.unwrap();
    assert!(done.is_sorted_by_key(|(session, _)| *session) && done.last().unwrap().0 == session.id);
    let sum = done.iter().fold([0; 3], |[r, k, d], (_, one)| [r + one.rounds, k + one.kills, d + one.deaths]);
    assert_eq!(sum, sums);
    assert!(store.done_by_session(1).await.unwrap().is_empty());

    let rounds = store.played_rounds(player, 0, 400).await.unwrap();
    assert!(rounds.is_sorted_by_key(|round| std::cmp::Reverse(round.round)));
    let sum = rounds.iter().fold([0; 3], |[r, k, d], one| [r + 1, k + one.kills, d + one.deaths]);
    assert_eq!(sum, sums);
    let damage = rounds.iter().map(|round| round.damage).sum::<i64>();
    assert_eq!(damage, Number::DamageGiven.of(&all));
    let attacks = rounds.iter().filter(|round| round.attacked == Some(true)).count();
    assert!(0 < attacks && attacks < rounds.len(), "{attacks} of {}", rounds.len());
    let newest = store.played_rounds(player, rounds[1].round, 400).await.unwrap();
    assert_eq!(newest, rounds[..2]);
    assert_eq!(store.played_rounds(player, 0, 1).await.unwrap(), rounds[..1]);

    let weapons = store.weapons_of_round(rounds[0].round).await.unwrap();
    let kills: i64 = weapons.iter().map(|(_, totals)| totals.kills).sum();
    let of_players = store.round_players(rounds[0].round).await.unwrap();
    assert_eq!(kills, of_players.iter().map(|one| one.kills).sum::<i64>());
    assert!(store.weapons_of_round(1).await.unwrap().is_empty());
}

pub(in crate::engines) async fn counts_add_up(bench: Bench) {
    let store = &bench.store;
    let mut files = evenings(7, 1, Accidents::default());
    let cut = (files[0].0.clone(), files[0].1[..40].to_vec());
    files.push(("2026-03-02-23-odd.txt".to_owned(), b"what is this".to_vec()));
    files.push(cut.clone());
    bench.keep(&files).await;
    bench.derive().await;
    let fates = store.dispositions().await.unwrap();
    assert_eq!(store.stored_count(Kind::Stats).await.unwrap(), 6);
    assert_eq!(fates.values().sum::<i64>(), store.artifact_count().await.unwrap());
    assert!(fates[&("stored".to_owned(), String::new())] >= 6);
    let quarantine = store.quarantined(10).await.unwrap();
    let of_name = fates.iter().filter(|((state, _), _)| state == "quarantined").map(|(_, count)| count).sum::<i64>();
    assert_eq!((quarantine.len() as i64, of_name > 0), (of_name, true));
    let odd = &quarantine[0];
    assert_eq!(store.fate(odd.artifact).await.unwrap().unwrap().0, "quarantined");
    assert_eq!(store.fate(1).await.unwrap(), None);
    assert!(store.has_fate(Kind::Stats, &cut.0, &ContentHash::of(&cut.1)).await.unwrap());
    assert!(!store.has_fate(Kind::Stats, &cut.0, &ContentHash::of(b"")).await.unwrap());
}

pub(in crate::engines) async fn the_newest_of_a_large_quarantine_are_found(bench: Bench) {
    let store = &bench.store;
    let junk = |number: i64, name: String| (name, format!("no stats {number}").into_bytes());
    let files: Vec<_> = (0..220).map(|number| junk(number, format!("no name {number}.txt"))).collect();
    bench.keep(&files[..150]).await;
    bench.derive().await;
    assert_eq!(store.newest_in_quarantine(3).await.unwrap().len(), 3);
    assert_eq!(store.newest_in_quarantine(500).await.unwrap().len(), 150, "a small one is told whole");
    bench.keep(&files).await;
    bench.derive().await;
    assert_eq!(store.quarantine_count().await.unwrap(), 220);
    let newest = "2026-03-02-200500-oasis-round-1.txt".to_owned();
    bench.keep(&[junk(1, newest.clone()), junk(2, "2026-03-01-200500-oasis-round-1.txt".to_owned())]).await;
    bench.derive().await;
    let found = store.newest_in_quarantine(5).await.unwrap();
    assert_eq!((found.len(), found.iter().filter(|file| file.name == newest).count()), (5, 1), "{found:?}");
    assert!(found.is_sorted_by_key(|file| (std::cmp::Reverse(file.received_ms), file.name.clone())));
    assert_eq!(store.newest_in_quarantine(500).await.unwrap().len(), 222);
    assert!(store.newest_in_quarantine(0).await.unwrap().is_empty());

    let stamped: Vec<i64> = store.artifacts_after(1 << 32, 10).await.unwrap().iter().map(|head| head.id).collect();
    let names = store.quarantined_among(&stamped).await.unwrap();
    assert_eq!((names.len(), &*names[1].name), (2, &*newest));
    assert_eq!(store.dispositions_among(&stamped).await.unwrap().values().sum::<i64>(), 2);
    assert!(store.quarantined_among(&[]).await.unwrap().is_empty());
}

/// Both engines put the same text first, whatever the language of the server.
pub(in crate::engines) async fn text_is_sorted_by_its_bytes(bench: Bench) {
    let store = &bench.store;
    let mut tx = store.begin(Durability::Full).await.unwrap();
    for (id, name) in ["b", "B", "_", "a", "\u{e4}", "Z"].iter().enumerate() {
        let sql = "insert into agent (id, name, server, signing_key, enrolled_ms) values ($1, $2, 's', $3, 0)";
        tx.execute("write", sql, values![id.to_string(), *name, [0; 32].as_slice()]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let names: Vec<_> = store.agents().await.unwrap().into_iter().map(|agent| agent.name).collect();
    assert_eq!(names, ["B", "Z", "_", "a", "b", "\u{e4}"]);
    let row = store.fetch("read", "select min(name), max(name) from agent where name > 'Z'", vec![]).await.unwrap();
    assert_eq!(row[0].0, values!["_", "\u{e4}"]);
    let none = OldBlock { id: 1, first: 0, last: 0 };
    let mut tx = store.begin(Durability::Relaxed).await.unwrap();
    assert_eq!(tx.write_blocks(&[none], BlockRows::default()).await.unwrap().rows, 0);
}

pub(in crate::engines) async fn what_stands_back_and_what_waits_is_told(bench: Bench) {
    let store = &bench.store;
    let mut files = evenings(7, 1, Accidents::default());
    let at = files.iter().position(|(name, _)| name.ends_with("-round-1.txt")).unwrap();
    let (name, whole) = files[at].clone();
    let shorter = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    files[at].1.truncate(shorter);
    let lost = files.iter().rposition(|(name, _)| name.ends_with("-round-1.txt")).unwrap();
    files[lost].1 = b"not a stats file\n".to_vec();
    files.push((name.clone(), whole));
    files.push(("gametime-nowhere-R1-1772485200.json".to_owned(), br#"{"match_id":"x"}"#.to_vec()));
    bench.keep(&files).await;
    bench.derive().await;

    let back = store.superseded("main").await.unwrap();
    assert_eq!(back.iter().map(|one| (&*one.name, one.size)).collect::<Vec<_>>(), [(&*name, shorter as i64)]);
    assert!(store.superseded("other").await.unwrap().is_empty());
    assert_eq!(store.waiting_events("other").await.unwrap(), 0);
    assert_eq!(store.waiting_events("main").await.unwrap(), 1);

    let broken = store.quarantined(9).await.unwrap().into_iter().find(|one| one.name == files[lost].0).unwrap();
    let stamp = slomix_shared::artifact::FileName::parse(&broken.name).unwrap();
    let slomix_shared::artifact::FileName::Round(round) = stamp else { panic!("{}", broken.name) };
    let at = round.stamp.seconds();
    let near = store.quarantined_between("main", at - 5, at).await.unwrap();
    assert_eq!(near, [(broken.artifact, broken.name.clone(), broken.code)]);
    assert!(store.quarantined_between("main", at + 1, at + 9).await.unwrap().is_empty());
}
