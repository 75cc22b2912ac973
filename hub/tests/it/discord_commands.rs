//! Every command there is, with the real client: both forms, who may, whom it means, what is too long.

use serde_json::Value;
use slomix_hub::discord::id::{RoleId, UserId};
use slomix_hub::discord::tier::Tier;
use slomix_hub::reports::Suggest;
use slomix_hub::reports::answer::{Answer, Sheet, Shown};
use slomix_hub::reports::plot::{Bar, Bars, Order, Plot};
use slomix_hub::reports::resolver::{Candidate, Found, Whom};

use super::discord_hub::{Asked, Hub, Say, post};
use super::fake_discord::{self, CHANNEL, FakeDiscord, Message, PERSON};

pub(crate) mod listed;
mod menus;
mod tiers;

use listed::{Listed, listed};

/// Who owns the hub in these tests.
const OWNER: u64 = 301;
/// An admin.
const ADMIN: u64 = 302;
/// Another one.
const OTHER_ADMIN: u64 = 303;

async fn start() -> Hub {
    let hub = Hub::start_with(FakeDiscord::start().await, |settings| {
        settings.owner = UserId::new(OWNER);
        settings.admin_roles = RoleId::new(tiers::ADMINS).into_iter().collect();
        settings.moderator_roles = RoleId::new(tiers::MODERATORS).into_iter().collect();
        settings.command_channels = settings.channel.into_iter().collect();
    });
    hub.ready().await;
    hub.fake.wait_for("a session", |fake| (fake.connections() > 0).then_some(())).await;
    hub.fake.wait_for("the slash commands", |fake| (!fake.commands().is_empty()).then_some(())).await;
    for admin in [ADMIN, OTHER_ADMIN] {
        hub.reports.give(admin, Tier::Admin);
    }
    hub
}

fn bob() -> Candidate {
    Candidate { player: 1, key: "A1000000".to_owned(), name: "bob".to_owned(), last_seen: "2026-11-09".to_owned() }
}

fn ann() -> Candidate {
    Candidate { player: 2, key: "B2000000".to_owned(), name: "bob*ann".to_owned(), last_seen: "2026-11-02".to_owned() }
}

/// Says something as somebody and gives the bot's first answer.
async fn ask(hub: &Hub, person: u64, text: &str) -> Message {
    let asked = hub.fake.say(CHANNEL, person, text);
    hub.fake.wait_for(text, |fake| fake.messages(CHANNEL).into_iter().find(|message| message.id > asked)).await
}

/// Uses a slash command as somebody and gives the bot's first answer.
async fn slash(hub: &Hub, person: u64, path: &str, options: &[(&str, &str)]) -> fake_discord::Answer {
    let token = hub.fake.slash(CHANNEL, person, path, options);
    hub.fake.wait_for(path, |fake| fake.answers(&token).into_iter().next()).await
}

/// Who asks for a command so that he may.
fn who_may(command: &Listed, admin: u64) -> u64 {
    if command.tier == "owner" { OWNER } else { admin }
}

fn says_something(content: &str, embeds: &[Value]) -> bool {
    !content.is_empty() || embeds.iter().any(|embed| embed["title"].as_str().is_some_and(|title| !title.is_empty()))
}

/// What the next command may need: players who are found, and an answer.
fn prepare(hub: &Hub) {
    hub.reports.find(Found::One(bob()));
    hub.reports.find(Found::One(ann()));
    hub.reports.say(Say::Posts(vec![post("answer", "@everyone")]));
}

fn forget(hub: &Hub) {
    hub.reports.unsay();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_as_text() {
    let hub = start().await;
    for command in listed() {
        // Each name is the same command, which nobody may use again at once.
        for (name, admin) in command.names().into_iter().zip(400..) {
            hub.reports.give(admin, Tier::Admin);
            prepare(&hub);
            let answer = ask(&hub, who_may(&command, admin), &format!("!{name}{}", command.example())).await;
            assert!(says_something(&answer.content, &answer.embeds), "{name}: {answer:?}");
            assert!(!answer.content.contains("did not work"), "{name}: {answer:?}");
            assert!(!answer.content.starts_with("It goes like this"), "{name}: {answer:?}");
            assert_eq!(answer.allowed_mentions["parse"], serde_json::json!([]), "{name}");
            forget(&hub);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_as_slash() {
    let hub = start().await;
    for command in listed() {
        prepare(&hub);
        let answer = slash(&hub, who_may(&command, OTHER_ADMIN), &command.slash, &command.options()).await;
        assert!(says_something(&answer.content, &answer.embeds), "{}: {answer:?}", command.slash);
        assert!(!answer.content.contains("did not work"), "{}: {answer:?}", command.slash);
        forget(&hub);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_documentation_lists_is_what_discord_was_told() {
    let hub = start().await;
    let mut known: Vec<String> = Vec::new();
    for command in hub.fake.commands() {
        let name = command["name"].as_str().unwrap_or_default().to_owned();
        let subs = command["options"].as_array().into_iter().flatten().filter(|option| option["type"] == 1);
        let subs: Vec<String> =
            subs.map(|sub| format!("{name} {}", sub["name"].as_str().unwrap_or_default())).collect();
        known.extend(if subs.is_empty() { vec![name] } else { subs });
    }
    let mut listed: Vec<String> = listed().into_iter().map(|command| command.slash).collect();
    known.sort();
    listed.sort();
    assert_eq!(known, listed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_argument_is_told_with_the_usage() {
    let hub = start().await;
    let answer = ask(&hub, OWNER, "!admin_add").await;
    assert_eq!(answer.content, "It goes like this: `!admin_add user tier [reason]`");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_no_message_holds_is_cut_where_people_see_it() {
    let hub = start().await;
    let mut long = post(&"t".repeat(400), &"x".repeat(9_000));
    long.tables[0].rows = vec!["y".repeat(80); 300];
    hub.reports.find(Found::One(bob()));
    hub.reports.say(Say::Posts(vec![long.clone(), long]));
    hub.fake.say(CHANNEL, PERSON, "!stats bob");
    hub.fake.wait_for("two answers", |fake| (fake.messages(CHANNEL).len() == 3).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn players_are_found_by_what_is_typed() {
    let hub = start().await;
    for (person, text, whom) in [
        (310, "!stats a long name", Whom::Text("a long name".to_owned())),
        (311, "!stats <@42>", Whom::User(42)),
        (312, "!stats", Whom::User(312)),
    ] {
        prepare(&hub);
        ask(&hub, person, text).await;
        assert!(hub.reports.asked().contains(&Asked::Who(whom)), "{text}: {:?}", hub.reports.asked());
        forget(&hub);
    }
    hub.reports.find(Found::Nobody { alike: vec!["bob".to_owned(), "b*b".to_owned()] });
    let answer = ask(&hub, 313, "!stats b**o**b").await;
    assert_eq!(answer.content, "Nobody called b\\*\\*o\\*\\*b has played here. Perhaps bob, b\\*b?");
    hub.reports.find(Found::NotLinked);
    let answer = ask(&hub, 314, "!stats").await;
    assert_eq!(answer.content, "Say whose, by name: which player you are is not known here yet.");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_completed() {
    let hub = start().await;
    let token = hub.fake.type_slash(CHANNEL, PERSON, "player stats", ("player", "bo"));
    let choices = hub.fake.wait_for("choices", |fake| fake.choices(&token)).await;
    assert_eq!(choices, [serde_json::json!({ "name": "bob", "value": "A1000000" })]);
    assert_eq!(hub.reports.asked(), [Asked::Suggest(Suggest::Player, "bo".to_owned())]);
    let token = hub.fake.type_slash(CHANNEL, PERSON, "leaderboard", ("board", "d"));
    let choices = hub.fake.wait_for("choices", |fake| fake.choices(&token)).await;
    assert!(choices.iter().any(|choice| choice["value"] == "kd"), "{choices:?}");
    // What is asked while somebody types is no use of the command.
    prepare(&hub);
    let answer = slash(&hub, PERSON, "player stats", &[("player", "bob")]).await;
    assert!(!answer.embeds.is_empty(), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn help_finds_commands_groups_and_words() {
    let hub = start().await;
    for (person, text, title) in [
        (320, "!help", "Commands"),
        (321, "!help stats", "!stats"),
        (322, "!help !lb", "!leaderboard"),
        (323, "!help player", "Players and their careers"),
        (326, "!help evenings", "Evenings: scores, maps, teams"),
        (324, "!help career", "Commands with career"),
        (325, "!bothelp /player stats", "!stats"),
    ] {
        let answer = ask(&hub, person, text).await;
        assert_eq!(answer.embeds[0]["title"], title, "{text}");
    }
    assert!(hub.reports.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_along() {
    let hub = start().await;
    let file = slomix_hub::reports::answer::TextFile { name: "times.csv".to_owned(), text: "a,b\n1,2\n".to_owned() };
    hub.reports.say(Say::Answer(Answer { files: vec![file], ..Answer::from(post("times", "2-1")) }));
    hub.fake.say(CHANNEL, PERSON, "!last");
    let with_file = |fake: &FakeDiscord| fake.messages(CHANNEL).into_iter().find(|message| !message.files.is_empty());
    let message = hub.fake.wait_for("a file", with_file).await;
    assert_eq!((message.files[0].name.as_str(), message.files[0].bytes.as_slice()), ("times.csv", &b"a,b\n1,2\n"[..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_order_says_how_far_it_is_in_one_message() {
    let hub = start().await;
    hub.reports.take_time(std::time::Duration::from_secs(3), "vienna: 3 files came");
    hub.reports.say(Say::Posts(vec![post("done", "12 files")]));
    let told = ask(&hub, ADMIN, "!sync_week").await;
    assert_eq!(told.content, "vienna: 3 files came");
    let done = |fake: &FakeDiscord| {
        let message = fake.messages(CHANNEL).into_iter().find(|message| message.id == told.id)?;
        (!message.embeds.is_empty()).then_some(message)
    };
    let done = hub.fake.wait_for("the end", done).await;
    assert_eq!((done.content.as_str(), done.embeds[0]["title"].as_str()), ("", Some("done")));
    let week = slomix_hub::discord::operations::Order::Sync { days: Some(7) };
    assert!(hub.reports.asked().contains(&Asked::Order(week)));
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_go_along_in_their_embeds() {
    let hub = start().await;
    let plot = Plot::Bars(Bars { title: "bob leads".to_owned(), ..bars() });
    let sheets = vec![
        Sheet::from(post("one", "")),
        Sheet::from(post("two", "")),
        Sheet::with_picture(post("three", ""), "kills", plot),
        Sheet::from(post("four", "")),
    ];
    hub.reports.say(Say::Answer(Answer::from(sheets)));
    let asked = hub.fake.say(CHANNEL, PERSON, "!last");
    let said = |fake: &FakeDiscord| -> Vec<Message> {
        fake.messages(CHANNEL).into_iter().filter(|message| message.id > asked).collect()
    };
    let messages = hub.fake.wait_for("three messages", |fake| Some(said(fake)).filter(|said| said.len() == 3)).await;
    let titles: Vec<Vec<&str>> = messages
        .iter()
        .map(|message| message.embeds.iter().filter_map(|embed| embed["title"].as_str()).collect())
        .collect();
    assert_eq!(titles, [vec!["one", "two"], vec!["three"], vec!["four"]]);
    let [picture] = messages[1].files.as_slice() else { panic!("{:?}", messages[1].files.len()) };
    assert_eq!(picture.name, "kills.png");
    assert!(picture.bytes.starts_with(b"\x89PNG"));
    assert_eq!(messages[1].embeds[0]["image"]["url"], "attachment://kills.png");

    hub.reports.say(Say::Answer(Answer::from(vec![Sheet::with_picture(
        post("five", ""),
        "kills",
        Plot::Bars(bars()),
    )])));
    let token = hub.fake.slash(CHANNEL, 330, "session last", &[]);
    let answer = hub.fake.wait_for("an answer", |fake| fake.answers(&token).pop()).await;
    assert_eq!(answer.files.len(), 1);
}

fn bars() -> Bars {
    Bars {
        title: String::new(),
        subtitle: "kills@1, 2 rounds".to_owned(),
        order: Order::MostFirst,
        reference: None,
        rows: vec![Bar {
            name: "bob".to_owned(),
            team: None,
            value: Some(12.0),
            text: "12".to_owned(),
            interval: None,
            note: None,
        }],
    }
}
