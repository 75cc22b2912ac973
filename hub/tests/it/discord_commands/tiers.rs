//! Who may use which command.

use super::*;

pub(super) const ADMINS: u64 = 500;
pub(super) const MODERATORS: u64 = 501;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_somebody_is_refused_and_not_done() {
    let hub = start().await;
    for (person, command) in (600..).zip(listed().into_iter().filter(|command| command.tier != "member")) {
        let refusal = format!("That is for the {} of the hub.", command.tier);
        let answer = ask(&hub, person, &format!("!{}{}", command.names()[0], command.example())).await;
        assert_eq!(answer.content, refusal);
        let answer = slash(&hub, person, &command.slash, &command.options()).await;
        assert!(answer.content == refusal && answer.ephemeral, "{answer:?}");
        if command.tier == "owner" {
            assert_eq!(ask(&hub, ADMIN, &format!("!{}", command.names()[0])).await.content, refusal);
        }
    }
    assert!(hub.reports.asked().is_empty(), "{:?}", hub.reports.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_decisions_give_tiers() {
    let hub = start().await;
    let refusal = "That is for the admin of the hub.";
    let (by_role, moderator) = (610, 611);
    hub.fake.give_role(by_role, ADMINS);
    hub.fake.give_role(moderator, MODERATORS);
    for person in [by_role, ADMIN, OWNER] {
        hub.reports.say(Say::Posts(vec![post("healthy", "")]));
        assert_eq!(ask(&hub, person, "!health").await.embeds[0]["title"], "healthy", "{person}");
        hub.reports.say(Say::Posts(vec![post("healthy", "")]));
        assert_eq!(slash(&hub, person, "admin health", &[]).await.embeds[0]["title"], "healthy", "{person}");
    }
    for person in [moderator, PERSON] {
        assert_eq!(ask(&hub, person, "!health").await.content, refusal, "{person}");
    }
    // A decision makes nobody an owner.
    hub.reports.give(612, Tier::Owner);
    assert_eq!(ask(&hub, 612, "!admin_audit").await.content, "That is for the owner of the hub.");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_while_the_hub_cannot_say_who_he_is() {
    let hub = start().await;
    hub.reports.give_nothing(ADMIN);
    let answer = ask(&hub, ADMIN, "!health").await;
    assert!(answer.content.starts_with("That did not work."), "{answer:?}");
    assert!(hub.reports.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_have_a_channel_of_their_own() {
    const OFFICE: u64 = 202;
    let fake = FakeDiscord::start().await;
    fake.add_channel(OFFICE, "office");
    let hub = Hub::start_with(fake, |settings| {
        settings.owner = UserId::new(OWNER);
        settings.admin_channels = slomix_hub::discord::id::ChannelId::new(OFFICE).into_iter().collect();
    });
    hub.ready().await;
    hub.fake.wait_for("a session", |fake| (fake.connections() > 0).then_some(())).await;
    hub.fake.say(OFFICE, PERSON, "!last_session");
    hub.reports.say(Say::Posts(vec![post("healthy", "")]));
    hub.fake.say(OFFICE, OWNER, "!health");
    let said = hub.fake.wait_for("an answer", |fake| fake.messages(OFFICE).into_iter().nth(2)).await;
    assert_eq!(said.embeds[0]["title"], "healthy");
}
