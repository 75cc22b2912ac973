//! The fake Discord refuses what the real one refuses.

use serde_json::{Value, json};
use serenity::all::{
    ChannelId, CreateAttachment, CreateEmbed, CreateEmbedFooter, CreateMessage, EditMessage, Http, HttpBuilder,
    MessageId, MessagePagination, Nonce,
};
use serenity::http::HttpError;

use super::fake_discord::{ATTACH_FILES, CHANNEL, Call, FakeDiscord, PERSON, TOKEN, VIEW_CHANNEL};

const PLACE: ChannelId = ChannelId::new(CHANNEL);

fn http(fake: &FakeDiscord) -> Http {
    let ca = reqwest::Certificate::from_pem(fake.ca_pem().as_bytes()).expect("the double's certificate is one");
    let client = reqwest::Client::builder()
        .use_rustls_tls()
        .no_proxy()
        .add_root_certificate(ca)
        .resolve("discord.com", fake.api_address())
        .build()
        .expect("a client can be made");
    HttpBuilder::new(TOKEN).client(client).build()
}

/// Discord's status, code and complaints.
fn refusal<T>(answer: Result<T, serenity::Error>) -> (u16, isize, Vec<String>) {
    match answer.err().expect("a refusal") {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(refused)) => {
            let parts = refused.error.errors.iter().map(|part| part.path.clone()).collect();
            (refused.status_code.as_u16(), refused.error.code, parts)
        }
        other => panic!("no answer of Discord: {other}"),
    }
}

async fn post(http: &Http, message: &Value) -> Result<serenity::all::Message, serenity::Error> {
    http.send_message(PLACE, Vec::new(), message).await
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_messages() {
    let fake = FakeDiscord::start().await;
    let http = http(&fake);
    let long = |n: usize| "x".repeat(n);
    let field = |name: usize, value: usize| json!({ "name": long(name), "value": long(value) });
    for (embed, path) in [
        (json!({ "title": long(257) }), "embeds.0.title"),
        (json!({ "description": long(4097) }), "embeds.0.description"),
        (json!({ "footer": { "text": long(2049) } }), "embeds.0.footer.text"),
        (json!({ "fields": [field(257, 1)] }), "embeds.0.fields.0.name"),
        (json!({ "fields": [field(1, 1), field(1, 1025)] }), "embeds.0.fields.1.value"),
        (json!({ "fields": [{ "name": " ", "value": "x" }] }), "embeds.0.fields.0.name"),
        (json!({ "fields": vec![field(1, 1); 26] }), "embeds.0.fields"),
        (json!({ "description": long(4000), "footer": { "text": long(2001) } }), "embeds"),
        (json!({}), "embeds.0"),
    ] {
        let refused = refusal(post(&http, &json!({ "embeds": [embed] })).await);
        assert_eq!(refused, (400, 50_035, vec![path.to_owned()]), "{path}");
    }
    let small = json!({ "title": "x" });
    assert_eq!(refusal(post(&http, &json!({ "embeds": vec![small; 11] })).await).2, ["embeds"]);
    assert_eq!(refusal(post(&http, &json!({ "content": long(2001) })).await).2, ["content"]);
    assert_eq!(refusal(post(&http, &json!({ "content": "x", "nonce": long(26) })).await).2, ["nonce"]);
    assert_eq!(refusal(post(&http, &json!({ "content": " " })).await).1, 50_006);
    let full = json!({
        "title": long(256), "description": long(3000), "footer": { "text": long(184) },
        "fields": vec![field(2, 100); 25],
    });
    post(&http, &json!({ "embeds": [full] })).await.unwrap();
    assert_eq!(fake.messages(CHANNEL).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_makes_one_message_only_when_it_is_enforced() {
    let fake = FakeDiscord::start().await;
    let http = http(&fake);
    let message = |text: &str| CreateMessage::new().content(text).nonce(Nonce::String("n".to_owned()));
    let first = PLACE.send_message(&http, message("a").enforce_nonce(true)).await.unwrap();
    let again = PLACE.send_message(&http, message("b").enforce_nonce(true)).await.unwrap();
    assert_eq!((again.id, again.content.as_str()), (first.id, "a"));
    let loose = PLACE.send_message(&http, message("c")).await.unwrap();
    assert_ne!(loose.id, first.id);
    fake.forget_nonces();
    let later = PLACE.send_message(&http, message("d").enforce_nonce(true)).await.unwrap();
    assert_ne!(later.id, first.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_with_the_message() {
    let fake = FakeDiscord::start().await;
    let http = http(&fake);
    let picture = CreateAttachment::bytes(vec![1, 2, 3], "chart.png");
    let embed = CreateEmbed::new().title("chart").footer(CreateEmbedFooter::new("f")).attachment("chart.png");
    let sent = PLACE.send_message(&http, CreateMessage::new().embed(embed).add_file(picture.clone())).await.unwrap();
    assert_eq!((sent.attachments[0].filename.as_str(), sent.attachments[0].size), ("chart.png", 3));
    let request = &fake.requests_of(|call| *call == Call::CreateMessage(CHANNEL))[0];
    assert_eq!((request.files[0].field.as_str(), &request.files[0].bytes), ("files[0]", &vec![1, 2, 3]));
    assert_eq!(request.json["attachments"][0]["filename"], "chart.png");
    fake.deny(CHANNEL, ATTACH_FILES);
    let refused = PLACE.send_message(&http, CreateMessage::new().content("x").add_file(picture)).await;
    assert_eq!(refusal(refused).1, 50_013);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_read_in_pages_and_only_ones_own_are_changed() {
    let fake = FakeDiscord::start().await;
    let http = http(&fake);
    let said: Vec<u64> = (0..5).map(|n| fake.say(CHANNEL, PERSON, &n.to_string())).collect();
    let newest = http.get_messages(PLACE, None, Some(2)).await.unwrap();
    let older = http.get_messages(PLACE, Some(MessagePagination::Before(newest[1].id)), Some(100)).await.unwrap();
    let ids: Vec<u64> = newest.iter().chain(&older).map(|message| message.id.get()).collect();
    assert_eq!(ids, said.iter().rev().copied().collect::<Vec<u64>>());
    let one = http.get_message(PLACE, MessageId::new(said[0])).await.unwrap();
    assert_eq!((one.content.as_str(), one.author.id.get()), ("0", PERSON));

    let change = EditMessage::new().content("mine");
    assert_eq!(refusal(PLACE.edit_message(&http, said[0], change.clone()).await).1, 50_005);
    assert_eq!(refusal(PLACE.edit_message(&http, 1, change).await).1, 10_008);
    assert_eq!(refusal(http.get_messages(ChannelId::new(1), None, None).await).1, 10_003);
    fake.deny(CHANNEL, VIEW_CHANNEL);
    assert_eq!(refusal(http.get_messages(PLACE, None, None).await).1, 50_001);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calls_of_a_start() {
    let fake = FakeDiscord::start().await;
    let http = http(&fake);
    assert_eq!(http.get_bot_gateway().await.unwrap().url, http.get_gateway().await.unwrap().url);
    assert_eq!(http.get_current_application_info().await.unwrap().name, "slomix");
    assert!(http.get_current_user().await.unwrap().bot);
    fake.change_token("another");
    assert_eq!(refusal(http.get_current_user().await).0, 401);
    let calls: Vec<Call> = fake.requests().into_iter().map(|request| request.call).collect();
    assert_eq!(calls, [Call::GetGatewayBot, Call::GetGateway, Call::GetApplication, Call::GetMe, Call::GetMe]);
}
