//! Looking at a database tells how it is, and leaves it as it was: files, lock and all.

use std::fs;

use daemon_store::{Inspection, Store, StoreError, inspect};

use crate::fixture::Fixture;

#[tokio::test]
async fn a_database_is_told_whether_a_daemon_has_it_or_not() {
    let fixture = Fixture::new().await;
    let path = fixture.path();
    let found = inspect(&path).await.unwrap();
    assert!(matches!(found, Inspection::Present { version: 1.., is_in_use: true }), "{found:?}");
    fixture.store.close().await;
    let files = || {
        let mut files: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        files.sort();
        files
    };
    let before = (files(), fs::read(&path).unwrap());
    let found = inspect(&path).await.unwrap();
    assert!(matches!(found, Inspection::Present { version: 1.., is_in_use: false }), "{found:?}");
    assert_eq!((files(), fs::read(&path).unwrap()), before);
    Store::open(&path).await.unwrap();
}

#[tokio::test]
async fn what_a_daemon_could_not_use_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ipr.db");
    assert_eq!(inspect(&path).await.unwrap(), Inspection::Absent);
    assert!(!path.exists(), "looking makes nothing");

    fs::write(&path, "this is no database, and it is longer than the header of one would be, so that it is read as one").unwrap();
    assert!(matches!(inspect(&path).await, Err(StoreError::Open { .. })));

    let fixture = Fixture::new().await;
    let path = fixture.path();
    fixture.execute("INSERT INTO schema_version (version, applied_at) VALUES (99, 0)").await;
    fixture.store.close().await;
    assert!(matches!(inspect(&path).await, Err(StoreError::Newer { found: 99, .. })));
}
