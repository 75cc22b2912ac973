//! Commands: what people type, what they read.

use std::time::Duration;

use super::discord_hub::{Hub, Say, post};
use super::fake_discord::{CHANNEL, Call, FakeDiscord, Message, PERSON};

const ELSEWHERE: u64 = 201;
const OTHER_BOT: u64 = 10_001;

/// Says something in the posts channel and gives the bot's first answer.
async fn ask(hub: &Hub, text: &str) -> Message {
    let asked = hub.fake.say(CHANNEL, PERSON, text);
    hub.fake.wait_for(text, |fake| fake.messages(CHANNEL).into_iter().find(|message| message.id > asked)).await
}

async fn start() -> Hub {
    let fake = FakeDiscord::start().await;
    fake.add_channel(ELSEWHERE, "elsewhere");
    let hub = Hub::start_with(fake, |_| ());
    hub.ready().await;
    hub.fake.wait_for("a session", |fake| (fake.connections() > 0).then_some(())).await;
    hub
}

#[tokio::test(flavor = "multi_thread")]
async fn last_session_by_text_under_all_its_names() {
    for text in ["!last_session", "!LAST_Session top", "!last", "!latest", "!recent", "! last_round"] {
        let hub = start().await;
        hub.reports.say(Say::Posts(vec![post("evening", "@everyone 2-1"), post("maps", "supply")]));
        let answer = ask(&hub, text).await;
        let titles: Vec<&str> = answer.embeds.iter().filter_map(|embed| embed["title"].as_str()).collect();
        assert_eq!(titles, ["evening", "maps"], "{text}");
        assert_eq!(answer.embeds[0]["description"], "@\u{200b}everyone 2-1");
        assert_eq!(answer.allowed_mentions["parse"], serde_json::json!([]));
        assert_eq!(hub.discord.counts().commands, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn last_session_as_a_slash_command() {
    let hub = start().await;
    hub.fake.wait_for("the slash commands", |fake| (!fake.commands().is_empty()).then_some(())).await;
    hub.reports.say(Say::Posts(vec![post("evening", "2-1")]));
    let token = hub.fake.slash(CHANNEL, PERSON, "session last", &[]);
    let answer = hub.fake.wait_for("an answer", |fake| fake.answers(&token).pop()).await;
    assert!(hub.fake.was_deferred(&token));
    assert_eq!(answer.embeds[0]["title"], "evening");
    assert!(!answer.ephemeral);
    assert_eq!(answer.allowed_mentions["parse"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_too_long_for_one_message_becomes_several() {
    let hub = start().await;
    hub.reports.say(Say::Posts((0..4).map(|n| post(&format!("part {n}"), &"x".repeat(2500))).collect()));
    hub.fake.say(CHANNEL, PERSON, "!last");
    hub.fake.wait_for("two answers", |fake| (fake.messages(CHANNEL).len() == 3).then_some(())).await;
    let sizes: Vec<usize> = hub.fake.messages(CHANNEL).iter().map(|message| message.embeds.len()).collect();
    assert_eq!(sizes, [0, 2, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_channels_bots_and_other_bots_commands_are_silence() {
    let hub = start().await;
    hub.fake.say(ELSEWHERE, PERSON, "!last_session");
    hub.fake.say(CHANNEL, OTHER_BOT, "!last_session");
    hub.fake.say(CHANNEL, PERSON, "!play song");
    hub.fake.say(CHANNEL, PERSON, "last_session");
    let token = hub.fake.slash(ELSEWHERE, PERSON, "session last", &[]);
    let whisper = hub.fake.wait_for("a whisper", |fake| fake.answers(&token).pop()).await;
    assert!(whisper.ephemeral);
    assert_eq!(whisper.content, format!("Not here: commands are answered in <#{CHANNEL}>."));
    // what was said before the last question would have been answered before it
    let answer = ask(&hub, "!last_session").await;
    assert_eq!(answer.content, "Nothing has been played yet.");
    assert_eq!(hub.fake.messages(CHANNEL).iter().filter(|message| !message.content.starts_with('!')).count(), 2);
    assert_eq!(hub.fake.messages(ELSEWHERE).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_near_miss_is_answered_only_where_commands_belong() {
    let fake = FakeDiscord::start().await;
    let hub = Hub::start_with(fake, |settings| settings.command_channels = settings.channel.into_iter().collect());
    hub.ready().await;
    assert_eq!(ask(&hub, "!last_sesion").await.content, "No such command; perhaps `!last_session`?");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_shows_a_short_id_and_nothing_of_itself() {
    for say in [Say::Error("postgres://user:secret@db"), Say::Panic("secret at /home/hub")] {
        let hub = start().await;
        hub.reports.say(say);
        let answer = ask(&hub, "!last_session").await;
        let id = answer.content.split('`').nth(1).unwrap().to_owned();
        assert!(id.len() == 6 && id.chars().all(|c| c.is_ascii_hexdigit()), "{id}");
        assert!(!answer.content.contains("secret"), "{}", answer.content);
        assert_eq!(hub.discord.counts().command_errors, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_fast_is_said_and_taken_back() {
    let hub = start().await;
    ask(&hub, "!last_session").await;
    let answer = ask(&hub, "!last").await;
    assert!(answer.content.starts_with("Slow down: again in "), "{}", answer.content);
    let gone = |fake: &FakeDiscord| fake.messages(CHANNEL).iter().all(|message| message.id != answer.id).then_some(());
    hub.fake.wait_for("the answer to go", gone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_types_only_while_work_is_slow() {
    let hub = start().await;
    hub.reports.say(Say::Late(Duration::from_secs(1), vec![post("evening", "2-1")]));
    let asked = hub.fake.say(CHANNEL, PERSON, "!last_session");
    hub.fake.wait_for("an answer", |fake| fake.messages(CHANNEL).into_iter().find(|m| m.id > asked)).await;
    assert!(!hub.fake.requests_of(|call| matches!(call, Call::Typing(_))).is_empty());
}
