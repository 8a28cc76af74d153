//! Opening: one daemon at a time, never a newer layout, and nothing lost by a crash or by
//! deleting the file.

use std::time::Duration;

use daemon_store::{Received, Store, StoreError};

use crate::fixture::{Fixture, raw, with_suffix};

#[tokio::test]
async fn a_second_daemon_is_refused_until_the_first_has_closed() {
    let fixture = Fixture::new().await;
    let path = fixture.path();

    let refused = Store::open(&path).await.unwrap_err();
    assert!(matches!(refused, StoreError::InUse { .. }));
    assert!(refused.to_string().contains("another daemon is using it"));

    let forgotten_clone = fixture.store.clone();
    fixture.store.close().await;
    Store::open(&path).await.unwrap();
    assert!(forgotten_clone.backlog().await.is_err());
}

/// Dropping closes in the background and then releases the lock.
#[tokio::test]
async fn a_dropped_store_releases_its_lock() {
    let fixture = Fixture::new().await;
    let path = fixture.path();
    drop(fixture.store.clone());
    assert!(matches!(Store::open(&path).await, Err(StoreError::InUse { .. })));

    drop(fixture.store);
    let reopened = async {
        while let Err(error) = Store::open(&path).await {
            assert!(matches!(error, StoreError::InUse { .. }), "{error}");
            tokio::task::yield_now().await;
        }
    };
    let limit = Duration::from_secs(20);
    tokio::time::timeout(limit, reopened).await.unwrap();
}

#[tokio::test]
async fn a_newer_database_is_refused_untouched_with_the_way_out() {
    let fixture = Fixture::new().await;
    let path = fixture.path();
    fixture.execute("INSERT INTO schema_version (version, applied_at) VALUES (99, 0)").await;
    fixture.execute("DROP TABLE queue").await;
    fixture.store.close().await;

    let refused = Store::open(&path).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 99, .. }));
    assert!(refused.to_string().contains("delete the database, it is rebuilt"));

    let mut connection = raw(&path).await;
    let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = 'queue'").fetch_one(&mut connection).await.unwrap();
    assert_eq!(tables, 0, "no migration ran");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_with_the_way_out() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    std::fs::write(&path, "this is not a database. ".repeat(100)).unwrap();

    let refused = Store::open(&path).await.unwrap_err();
    assert!(matches!(refused, StoreError::Open { .. }));
    assert!(refused.to_string().contains("can be deleted"));
}

#[tokio::test]
async fn what_was_returned_survives_a_crash() {
    let fixture = Fixture::new().await;
    fixture.store.inbox().receive("d1", "push", b"{}").await.unwrap();
    fixture.store.facts().remember("cursor", "r", "7").await.unwrap();

    let after = fixture.crash_image().await;
    let again = after.inbox().receive("d1", "push", b"{}").await.unwrap();
    assert_eq!(again, Received::Duplicate);
    assert_eq!(after.facts().recall("cursor", "r").await.unwrap().as_deref(), Some("7"));
}

/// Every order in which the three files can vanish, with the daemon running or closed.
#[tokio::test]
async fn the_file_can_be_deleted_at_any_moment() {
    for closed_first in [true, false] {
        for deleted in [&[""][..], &["", "-wal"], &["", "-shm"], &["", "-wal", "-shm"]] {
            let fixture = Fixture::new().await;
            let path = fixture.path();
            fixture.store.inbox().receive("d1", "push", b"{}").await.unwrap();
            let clone = fixture.store.clone();
            if closed_first {
                clone.clone().close().await;
            }
            for suffix in deleted {
                let _ = std::fs::remove_file(with_suffix(&path, suffix));
            }
            clone.close().await;

            let store = Store::open(&path).await.unwrap();
            let received = store.inbox().receive("d1", "push", b"{}").await.unwrap();
            assert_eq!(received, Received::New, "an empty database");
            store.close().await;
        }
    }
}

/// A crash leaves the write-ahead log of the old file; the new file must not read it.
#[tokio::test]
async fn a_log_left_beside_a_deleted_file_is_not_believed() {
    let fixture = Fixture::new().await;
    fixture.store.inbox().receive("d1", "push", b"{}").await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    std::fs::copy(with_suffix(&fixture.path(), "-wal"), with_suffix(&path, "-wal")).unwrap();

    let store = Store::open(&path).await.unwrap();
    let received = store.inbox().receive("d1", "push", b"{}").await.unwrap();
    assert_eq!(received, Received::New);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let fixture = Fixture::new().await;
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let metadata = std::fs::metadata(with_suffix(&fixture.path(), suffix)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{suffix}");
    }
}
