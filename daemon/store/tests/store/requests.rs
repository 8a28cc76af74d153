//! Requests to the assistant: saved in place, counted for budgets, found by issue and by pull request.

use daemon_store::RequestEntry;

use crate::fixture::Fixture;

fn request(issue: i64, origin: &str, author: &str) -> RequestEntry {
    RequestEntry {
        repository: "acme/infra".to_owned(),
        issue,
        origin: origin.to_owned(),
        author: author.to_owned(),
        state: "asking".to_owned(),
        ..RequestEntry::default()
    }
}

#[tokio::test]
async fn a_request_is_saved_in_place_and_survives_a_restart() {
    let fixture = Fixture::new().await;
    fixture.store.requests().save(&request(7, "issue", "alice")).await.unwrap();
    let ended = RequestEntry { state: "proposed".to_owned(), pull: 8, ..request(7, "issue", "alice") };
    fixture.store.requests().save(&ended).await.unwrap();
    let fixture = fixture.restart().await;
    let requests = fixture.store.requests();
    assert_eq!(requests.of_issue("acme/infra", 7).await.unwrap(), std::slice::from_ref(&ended));
    assert_eq!(requests.of_issue("acme/other", 7).await.unwrap(), []);
    assert_eq!(requests.of_pull("acme/infra", 8).await.unwrap(), Some(ended));
    assert_eq!(requests.of_pull("acme/infra", 9).await.unwrap(), None);
}

#[tokio::test]
async fn requests_are_counted_by_author_and_repository() {
    let fixture = Fixture::new().await;
    let requests = fixture.store.requests();
    for (issue, author) in [(1, "alice"), (2, "alice"), (3, "bob")] {
        requests.save(&request(issue, "issue", author)).await.unwrap();
    }
    assert_eq!(requests.begun_within("acme/infra", "alice", 86_400).await.unwrap(), (2, 3));
    fixture.execute("UPDATE requests SET created_at = 0 WHERE issue = 1").await;
    assert_eq!(requests.begun_within("acme/infra", "alice", 86_400).await.unwrap(), (1, 2));
}

#[tokio::test]
async fn old_requests_are_pruned() {
    let fixture = Fixture::new().await;
    fixture.store.requests().save(&request(1, "issue", "alice")).await.unwrap();
    assert_eq!(fixture.store.prune().await.unwrap(), 0);
    fixture.execute("UPDATE requests SET updated_at = 0").await;
    assert_eq!(fixture.store.prune().await.unwrap(), 1);
}

#[tokio::test]
async fn a_conversation_that_is_too_long_is_refused() {
    let fixture = Fixture::new().await;
    let long = RequestEntry { conversation: "x".repeat(daemon_store::REQUEST_TEXT_BYTES_MAX + 1), ..request(1, "issue", "alice") };
    assert!(fixture.store.requests().save(&long).await.is_err());
}
