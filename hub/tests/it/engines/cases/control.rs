use slomix_hub::store::control::ControlAsked;

use crate::pipeline::Bench;

const NOW_MS: i64 = 1_790_000_000_000;

pub(in crate::engines) async fn what_is_asked_of_a_server_is_kept_with_its_answer(bench: Bench) {
    let store = &bench.store;
    let ask = async |server: &str, agent: Option<&str>| {
        let asked = ControlAsked {
            asked_ms: NOW_MS,
            server: server.to_owned(),
            agent: agent.map(str::to_owned),
            nonce: "c0".repeat(16),
            author: "root (console)".to_owned(),
            intent: "say".to_owned(),
            detail: "five minutes".to_owned(),
            deadline_ms: NOW_MS + 30_000,
        };
        store.keep_control(&asked).await.unwrap()
    };
    assert_eq!((ask("main", Some("a")).await, ask("duel", None).await, ask("main", Some("a")).await), (1, 2, 3));
    store.answer_control(1, "done", "said", NOW_MS + 7).await.unwrap();
    store.answer_control(2, "failed", "no agent", NOW_MS + 8).await.unwrap();
    store.answer_control(3, "perhaps", "", NOW_MS).await.unwrap_err();

    let rows = store.controls(None, 10).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.id, row.outcome.as_deref(), row.answered_ms)).collect();
    assert_eq!(told, [(3, None, None), (2, Some("failed"), Some(NOW_MS + 8)), (1, Some("done"), Some(NOW_MS + 7))]);
    assert_eq!((rows[2].words.as_str(), rows[2].detail.as_str()), ("said", "five minutes"));
    let main = store.controls(Some("main"), 1).await.unwrap();
    assert_eq!((main.len(), main[0].id), (1, 3));
}
