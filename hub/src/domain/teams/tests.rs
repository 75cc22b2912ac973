use super::*;

/// A half: who is on Axis, who on Allies, all of them the whole time.
fn half(match_id: i64, second: bool, axis: &[i64], allies: &[i64]) -> Half {
    let on = |side: i64, players: &[i64]| {
        players.iter().map(move |&player| Appearance { player, side, share: 1000 }).collect::<Vec<_>>()
    };
    Half { match_id, second, appearances: [on(1, axis), on(-1, allies)].concat() }
}

fn team(teams: &Teams, sign: i8) -> Vec<i64> {
    teams.members.iter().filter(|member| member.core && member.team == sign).map(|member| member.player).collect()
}

fn maps(orders: &[bool]) -> Vec<Half> {
    let (one, two) = ([1, 2, 3], [4, 5, 6]);
    orders
        .iter()
        .zip(0..)
        .flat_map(|(&first_is_axis, id)| {
            let (axis, allies) = if first_is_axis { (&one, &two) } else { (&two, &one) };
            [half(id, false, axis, allies), half(id, true, allies, axis)]
        })
        .collect()
}

/// Four maps in this order of sides: two teams of three, and no doubt.
fn assert_steady(orders: &[bool]) {
    let teams = detect(&maps(orders));
    assert_eq!((team(&teams, 1), team(&teams, -1)), (vec![1, 2, 3], vec![4, 5, 6]));
    assert_eq!((teams.agreement, teams.confidence), (1000, Confidence::High));
    assert_eq!(teams.axis_team[..2], [1, -1]);
}

#[test]
fn t1_the_default_order_of_sides() {
    assert_steady(&[true, false, true, false]);
}

#[test]
fn t2_the_other_order_of_sides() {
    assert_steady(&[true, true, true, true]);
}

#[test]
fn t3_a_swap_by_hand_between_two_maps() {
    assert_steady(&[true, false, false, true]);
}

#[test]
fn t4_growth() {
    let halves = [
        half(1, false, &[1, 2, 3], &[4, 5, 6]),
        half(1, true, &[4, 5, 6, 8], &[1, 2, 3, 7]),
        half(2, false, &[1, 2, 3, 7, 9], &[4, 5, 6, 8, 10]),
        half(2, true, &[4, 5, 6, 8, 10], &[1, 2, 3, 7, 9]),
    ];
    let teams = detect(&halves);
    assert_eq!((team(&teams, 1), team(&teams, -1)), (vec![1, 2, 3, 7, 9], vec![4, 5, 6, 8, 10]));
}

#[test]
fn t5_wrong_in_the_first_half_only() {
    let mut halves = maps(&[true, false, true]);
    halves[0] = half(0, false, &[1, 2, 6], &[3, 4, 5]);
    let teams = detect(&halves);
    let third = teams.members.iter().find(|member| member.player == 3).unwrap();
    assert_eq!(third.team, teams.members.iter().find(|member| member.player == 1).unwrap().team);
    assert!(third.steadiness < 1000);
}

#[test]
fn t6_mercenary_is_in_neither_core() {
    let halves = [
        half(1, false, &[1, 2, 7], &[4, 5, 6]),
        half(1, true, &[4, 5, 6], &[1, 2, 7]),
        half(2, false, &[1, 2, 3], &[4, 5, 7]),
        half(2, true, &[4, 5, 7], &[1, 2, 3]),
    ];
    let teams = detect(&halves);
    assert!(!teams.members.iter().find(|member| member.player == 7).unwrap().core);
    assert_eq!(team(&teams, 1), [1, 2, 3]);
}

#[test]
fn t7_a_sub_takes_over_in_the_middle_of_a_map() {
    // 9 replaces 3 for the second half of the third map.
    let mut halves = played(0, 3, &[1, 2, 3], &[4, 5, 6]);
    halves[5] = half(2, true, &[4, 5, 6], &[1, 2, 9]);
    let teams = detect(&halves);
    let sub = Change { half: 5, kind: ChangeKind::Sub, team: 1, left: Some(3), arrived: Some(9) };
    assert_eq!(changes(&halves, &teams.axis_team), [sub]);
    // Half of the map each: both are in the line-up.
    assert_eq!(line_up(&halves, &teams.axis_team, 2, 1), [1, 2, 3, 9]);
    assert_eq!(line_up(&halves, &teams.axis_team, 1, 1), [1, 2, 3]);
    assert_eq!(line_up(&halves, &teams.axis_team, 2, -1), [4, 5, 6]);
}

#[test]
fn who_comes_goes_or_changes_teams_is_told_by_team_and_not_by_side() {
    let mut halves = played(0, 2, &[1, 2, 3], &[4, 5, 6]);
    assert_eq!(changes(&halves, &detect(&halves).axis_team), [], "everybody changes sides, nobody changes teams");
    halves[1] = half(0, true, &[4, 5, 6, 8], &[1, 2, 3]);
    halves[2] = half(1, false, &[1, 2], &[4, 5, 6, 8]);
    halves[3] = half(1, true, &[4, 5, 6, 2], &[1, 8]);
    let found: Vec<(usize, ChangeKind, i8)> = changes(&halves, &detect(&halves).axis_team)
        .iter()
        .map(|change| (change.half, change.kind, change.team))
        .collect();
    let expected =
        [(1, ChangeKind::Join, -1), (2, ChangeKind::Leave, 1), (3, ChangeKind::Switch, -1), (3, ChangeKind::Switch, 1)];
    assert_eq!(found, expected);
}

#[test]
fn a_short_appearance_is_in_no_line_up() {
    let mut halves = played(0, 1, &[1, 2, 3], &[4, 5, 6]);
    halves[1].appearances.push(Appearance { player: 9, side: -1, share: 500 });
    halves[1].appearances.push(Appearance { player: 8, side: -1, share: 600 });
    let teams = detect(&halves);
    assert_eq!(line_up(&halves, &teams.axis_team, 0, 1), [1, 2, 3, 8], "three tenths of the map and more");
}

#[test]
fn t9_one_half_is_low() {
    let teams = detect(&[half(1, false, &[1, 2], &[3, 4])]);
    assert_eq!((teams.agreement, teams.confidence), (1000, Confidence::Low));
}

#[test]
fn t12_works_from_a_second_half() {
    let teams = detect(&[half(1, true, &[1, 2], &[3, 4]), half(2, false, &[3, 4], &[1, 2])]);
    assert_eq!(teams.axis_team, [1, -1]);
}

#[test]
fn t15_one_player_in_between_two_teams() {
    // 6 against 5, and 11 is with either team for two maps.
    let (one, two) = ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]);
    let halves =
        [played(0, 2, &[&one[..], &[11]].concat(), &two), played(2, 2, &one, &[&two[..], &[11]].concat())].concat();
    let teams = detect(&halves);
    assert_eq!(teams.confidence, Confidence::High, "{}", teams.agreement);
    assert_eq!((team(&teams, 1), team(&teams, -1)), (one.to_vec(), two.to_vec()));
    let flex = teams.members.iter().find(|member| member.player == 11).unwrap();
    assert_eq!((flex.core, flex.steadiness, flex.halves), (false, 0, 8));
}

#[test]
fn t17_a_moment_on_the_other_side_is_ignored() {
    let mut halves = maps(&[true, false]);
    halves[0].appearances.push(Appearance { player: 1, side: -1, share: 150 });
    assert_eq!(detect(&halves).agreement, 1000);
}

#[test]
fn halves_that_do_not_swap_are_told_apart() {
    let halves = [
        half(1, false, &[1, 2, 3], &[4, 5, 6]),
        half(1, true, &[1, 2, 3], &[4, 5, 6]),
        half(2, false, &[1, 2, 3], &[4, 5, 6]),
        half(2, true, &[4, 5, 6], &[1, 2, 3]),
    ];
    let teams = detect(&halves);
    assert_eq!(teams.no_swap, [1]);
    assert_eq!(teams.axis_team, [1, 1, 1, -1]);
}

#[test]
fn nobody_is_no_trouble() {
    assert_eq!(detect(&[]).members, []);
    assert_eq!(detect(&[half(1, false, &[], &[])]).agreement, 0);
}

/// Maps between two teams, who change sides after every half.
fn played(first_id: i64, maps: i64, one: &[i64], two: &[i64]) -> Vec<Half> {
    (first_id..first_id + maps).flat_map(|id| [half(id, false, one, two), half(id, true, two, one)]).collect()
}

#[test]
fn t8_a_shuffle_makes_two_epochs() {
    let halves = [played(0, 4, &[1, 2, 3], &[4, 5, 6]), played(4, 3, &[1, 5, 3], &[4, 2, 6])].concat();
    let found = epochs(&halves, &Fixed::new());
    assert_eq!(found.iter().map(|epoch| epoch.halves.clone()).collect::<Vec<_>>(), [0..8, 8..14]);
    let [before, after] = &found[..] else { panic!("two epochs") };
    assert_eq!((team(&before.teams, 1), team(&before.teams, -1)), (vec![1, 2, 3], vec![4, 5, 6]));
    assert_eq!((team(&after.teams, 1), team(&after.teams, -1)), (vec![1, 3, 5], vec![2, 4, 6]));
    assert_eq!((after.teams.agreement, after.teams.confidence), (1000, Confidence::High));
}

#[test]
fn labels_follow_the_players_over_a_shuffle() {
    // Team A is Allies when the new teams start.
    let halves =
        [played(0, 2, &[1, 2, 3, 4, 9], &[5, 6, 7, 8, 10]), played(2, 2, &[1, 2, 7, 8, 10], &[5, 6, 3, 4, 9])].concat();
    let found = epochs(&halves, &Fixed::new());
    assert_eq!(found.len(), 2);
    assert_eq!(team(&found[1].teams, 1), [3, 4, 5, 6, 9]);
    assert_eq!(found[1].teams.axis_team, [-1, 1, -1, 1]);
}

#[test]
fn neither_a_wrong_start_nor_a_mercenary_nor_growth_is_a_shuffle() {
    let mut wrong = maps(&[true, false, true]);
    wrong[0] = half(0, false, &[1, 2, 6], &[3, 4, 5]);
    let mercenary = [played(0, 3, &[1, 2, 7], &[4, 5, 6]), played(3, 3, &[1, 2, 3], &[4, 5, 7])].concat();
    let growth = [played(0, 2, &[1, 2], &[4, 5]), played(2, 2, &[1, 2, 3, 7], &[4, 5, 6, 8])].concat();
    for halves in [wrong, mercenary, growth, maps(&[true, true, false, true, false])] {
        assert_eq!(epochs(&halves, &Fixed::new()).len(), 1);
    }
    assert_eq!(epochs(&[], &Fixed::new()).len(), 1);
}

/// The team of each player, and how many of them people decided.
fn labels(teams: &Teams) -> (Vec<(i64, i8)>, usize) {
    let of = |member: &Member| (member.player, member.team);
    (teams.members.iter().map(of).collect(), teams.members.iter().filter(|member| member.manual).count())
}

#[test]
fn a_decided_label_moves_one_player_and_leaves_the_others() {
    let halves = maps(&[true, false, true]);
    let decided = |fixed: &[(i64, i8)]| {
        let fixed: Fixed = fixed.iter().copied().collect();
        labels(&epochs(&halves, &fixed)[0].teams)
    };
    let found = vec![(1, 1), (2, 1), (3, 1), (4, -1), (5, -1), (6, -1)];
    assert_eq!(decided(&[(3, -1)]), (vec![(1, 1), (2, 1), (3, -1), (4, -1), (5, -1), (6, -1)], 1));
    assert_eq!(decided(&[(3, 1)]), (found.clone(), 1), "what was found, now for certain");
    assert_eq!(decided(&[(9, -1)]), (found, 0), "somebody who was not there");
    let fixed = Fixed::from([(3, -1)]);
    let teams = &epochs(&halves, &fixed)[0].teams;
    let member = teams.members.iter().find(|member| member.player == 3).unwrap();
    assert_eq!((member.steadiness, member.core), (0, true), "he never played there, and is part of it");
    assert_eq!(teams.agreement, 666, "a sixth of the play speaks against it and takes another sixth away");
    assert_eq!(teams.axis_team, detect(&halves).axis_team);
}

/// Over many maps, turning all the others round would agree better than one who is said to have played elsewhere.
#[test]
fn a_decided_label_turns_nobody_else_round_however_long_the_session() {
    let halves = maps(&[true; 12]);
    let decided = |fixed: &[(i64, i8)]| {
        let teams = epochs(&halves, &fixed.iter().copied().collect()).remove(0).teams;
        (labels(&teams).0.into_iter().map(|(_, team)| team).collect::<Vec<_>>(), teams.axis_team)
    };
    let (found, axis) = decided(&[]);
    assert_eq!(found, [1, 1, 1, -1, -1, -1]);
    for player in 1..=6 {
        let at = player as usize - 1;
        let mut wanted = found.clone();
        wanted[at] = -wanted[at];
        assert_eq!(decided(&[(player, wanted[at])]), (wanted, axis.clone()), "player {player} alone is moved");
    }
    let turned = |team: &i8| -team;
    let (all, other_axis) = decided(&[(1, -1), (2, -1), (3, -1), (4, 1)]);
    assert_eq!(all, found.iter().map(turned).collect::<Vec<_>>(), "most were said to be the other team");
    assert_eq!(other_axis, axis.iter().map(turned).collect::<Vec<_>>());
}

#[test]
fn a_decision_breaks_a_tie() {
    let halves = [half(1, false, &[1, 2], &[3]), half(2, false, &[1], &[2, 3])];
    for (label, other) in [(1, -1), (-1, 1)] {
        let teams = &epochs(&halves, &Fixed::from([(2, label)]))[0].teams;
        assert_eq!(teams.members.iter().find(|member| member.player == 2).unwrap().team, label);
        assert_eq!(teams.axis_team[0], 1, "team A is Axis first");
        assert_eq!(labels(teams).0[0], (1, 1));
        assert_eq!(labels(teams).0[2], (3, -1));
        assert_ne!(other, label);
    }
}
