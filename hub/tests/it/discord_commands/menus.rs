//! Menus and buttons: which of several players, and the pages of a long answer.

use super::*;

/// The menu that the bot put under a message: its options' values.
fn options(components: &[Value]) -> Vec<&str> {
    let options = components[0]["components"][0]["options"].as_array().expect("a menu");
    options.iter().map(|option| option["value"].as_str().unwrap_or_default()).collect()
}

/// Whether each of the buttons under a message is off.
fn off(components: &[Value]) -> Vec<bool> {
    let buttons = components[0]["components"].as_array().expect("buttons");
    buttons.iter().map(|button| button["disabled"].as_bool().unwrap_or(false)).collect()
}

/// What Discord knows a button or menu by, of which we know the name.
fn known_as(components: &[Value], name: &str) -> String {
    let parts = components[0]["components"].as_array().expect("buttons or a menu");
    let ids = parts.iter().filter_map(|part| part["custom_id"].as_str());
    ids.into_iter().find(|id| id.split(':').nth(1) == Some(name)).expect("a button of that name").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_players_somebody_chooses_one() {
    let hub = start().await;
    hub.reports.find(Found::Several(vec![bob(), ann()]));
    hub.reports.say(Say::Posts(vec![post("career", "")]));
    let menu = ask(&hub, PERSON, "!stats bob").await;
    assert_eq!(menu.content, "2 players fit. Which one do you mean?");
    assert_eq!(options(&menu.components), ["1", "2"]);

    let stranger = hub.fake.press(CHANNEL, OTHER_ADMIN, menu.id, &known_as(&menu.components, "player"), &["1"]);
    let whisper = hub.fake.wait_for("a whisper", |fake| fake.answers(&stranger).pop()).await;
    assert!(whisper.ephemeral && whisper.content.starts_with("These belong to whoever asked."), "{whisper:?}");

    hub.fake.press(CHANNEL, PERSON, menu.id, &known_as(&menu.components, "player"), &["2"]);
    let answer = |fake: &FakeDiscord| fake.messages(CHANNEL).into_iter().find(|message| message.id > menu.id);
    let answer = hub.fake.wait_for("the career", answer).await;
    assert_eq!(answer.embeds[0]["title"], "career");
    let menu = hub.fake.messages(CHANNEL).into_iter().find(|message| message.id == menu.id).expect("the menu");
    assert_eq!((menu.content.as_str(), menu.components.len()), ("bob\\*ann", 0));
    assert!(hub.reports.asked().iter().any(|asked| matches!(
        asked,
        Asked::Question(slomix_hub::reports::question::Question::Player { player: 2, .. })
    )));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_command_asks_back_too() {
    let hub = start().await;
    hub.reports.find(Found::Several(vec![bob(), ann()]));
    hub.reports.say(Say::Posts(vec![post("career", "")]));
    let token = hub.fake.slash(CHANNEL, PERSON, "player stats", &[("player", "bob")]);
    let menu = hub.fake.wait_for("a menu", |fake| fake.answers(&token).into_iter().next()).await;
    hub.fake.press(CHANNEL, PERSON, menu.id, &known_as(&menu.components, "player"), &["1"]);
    let answer = hub.fake.wait_for("the career", |fake| fake.answers(&token).into_iter().nth(1)).await;
    assert_eq!(answer.embeds[0]["title"], "career");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_players_than_a_menu_holds() {
    let hub = start().await;
    let many = (1..=40).map(|player| Candidate { player, name: "x".repeat(200), ..bob() }).collect();
    hub.reports.find(Found::Several(many));
    let menu = ask(&hub, PERSON, "!stats x").await;
    assert_eq!(options(&menu.components).len(), 25);
    assert!(menu.content.starts_with("40 players fit."), "{}", menu.content);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_turned_by_who_asked() {
    let hub = start().await;
    let pages = |count: usize| Answer::pages((1..=count).map(|page| post(&format!("page {page}"), "")).collect());
    hub.reports.say(Say::Answer(pages(3)));
    let mut shown = ask(&hub, PERSON, "!lb").await;
    assert_eq!(shown.embeds.len(), 1);
    assert_eq!(
        (shown.embeds[0]["title"].as_str(), off(&shown.components)),
        (Some("page 1"), vec![true, true, false, false])
    );
    let id = shown.id;
    let title = |fake: &FakeDiscord, wanted: &str| {
        let message = fake.messages(CHANNEL).into_iter().find(|message| message.id == id)?;
        (message.embeds[0]["title"] == wanted).then_some(message)
    };
    for (button, wanted, ends) in [
        ("next", "page 2", [false; 4]),
        ("last", "page 3", [false, false, true, true]),
        ("back", "page 2", [false; 4]),
        ("first", "page 1", [true, true, false, false]),
    ] {
        hub.fake.press(CHANNEL, PERSON, shown.id, &known_as(&shown.components, button), &[]);
        let message = hub.fake.wait_for(wanted, |fake| title(fake, wanted)).await;
        assert_eq!(off(&message.components), ends, "{button}");
        shown = message;
    }
    let stranger = hub.fake.press(CHANNEL, ADMIN, shown.id, &known_as(&shown.components, "next"), &[]);
    let whisper = hub.fake.wait_for("a whisper", |fake| fake.answers(&stranger).pop()).await;
    assert!(whisper.ephemeral);
    assert!(title(&hub.fake, "page 1").is_some());

    hub.reports.say(Say::Answer(pages(1)));
    let alone = ask(&hub, ADMIN, "!lb").await;
    assert!(alone.components.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_brings_its_picture_and_takes_it_along() {
    let hub = start().await;
    let drawn = |name, title: &str| {
        Sheet::with_picture(post(title, ""), name, Plot::Bars(Bars { title: title.to_owned(), ..bars() }))
    };
    let sheets = vec![drawn("one", "page 1"), drawn("two", "page 2"), Sheet::from(post("page 3", ""))];
    hub.reports.say(Say::Answer(Answer { sheets, shown: Shown::BySheet, ..Answer::default() }));
    let mut shown = ask(&hub, PERSON, "!last graphs").await;
    let names = |message: &Message| message.files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&shown), ["one.png"]);
    let id = shown.id;
    let now = |fake: &FakeDiscord, wanted: &str| {
        let message = fake.messages(CHANNEL).into_iter().find(|message| message.id == id)?;
        (message.embeds[0]["title"] == wanted).then_some(message)
    };
    for (button, wanted, files) in
        [("next", "page 2", vec!["two.png"]), ("next", "page 3", vec![]), ("first", "page 1", vec!["one.png"])]
    {
        hub.fake.press(CHANNEL, PERSON, shown.id, &known_as(&shown.components, button), &[]);
        let message = hub.fake.wait_for(wanted, |fake| now(fake, wanted)).await;
        assert_eq!(names(&message), files, "{wanted}");
        let image = &message.embeds[0]["image"]["url"];
        let attached = files.first().map(|name| format!("attachment://{name}"));
        assert_eq!(image.as_str(), attached.as_deref(), "{wanted}");
        shown = message;
    }
}
