//! Does the Git Data API write what it is told, and move refs only as git would?

use base64::Engine as _;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{NAME, scene};

const REFS: &str = "/repos/acme/infra/git/refs";

#[tokio::test(flavor = "multi_thread")]
async fn a_record_branch_is_written_and_fast_forwarded() {
    let scene = scene().await;
    let main = scene.forge.ref_sha(NAME, "refs/heads/main").unwrap();
    let first = scene.bot.commit(NAME, &main, ("state/shop/web.json", "{}")).await;
    let created = scene.bot.post(REFS, json!({ "ref": "refs/heads/ipr/records/prod", "sha": first })).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let again = scene.bot.post(REFS, json!({ "ref": "refs/heads/ipr/records/prod", "sha": first })).await;
    assert_eq!(again.body["message"], json!("Reference already exists"));

    let second = scene.bot.commit(NAME, &first, ("run.json", "1")).await;
    let rival = scene.bot.commit(NAME, &first, ("run.json", "2")).await;
    let branch = format!("{REFS}/heads/ipr/records/prod");
    let forward = scene.bot.patch(&branch, json!({ "sha": second, "force": false })).await;
    assert_eq!((forward.status, &forward.body["object"]["sha"]), (StatusCode::OK, &json!(second)));
    let late = scene.bot.patch(&branch, json!({ "sha": rival, "force": false })).await;
    assert_eq!((late.status, late.body["message"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("Update is not a fast forward")));
    assert_eq!(scene.forge.ref_sha(NAME, "refs/heads/ipr/records/prod"), Some(second));
    assert_eq!(scene.bot.patch(&branch, json!({ "sha": rival, "force": true })).await.status, StatusCode::OK);
    assert_eq!(scene.forge.file_at(NAME, "refs/heads/ipr/records/prod", "run.json").await.unwrap().unwrap(), "2");

    let found = scene.bot.get("/repos/acme/infra/git/matching-refs/heads/ipr/records").await;
    assert_eq!(found.body.as_array().unwrap().len(), 1);
    assert_eq!(scene.bot.delete(&branch).await.status, StatusCode::NO_CONTENT);
    assert_eq!(scene.bot.get("/repos/acme/infra/git/ref/heads/ipr/records/prod").await.status, StatusCode::NOT_FOUND);
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trees_take_content_blobs_folders_and_removals() {
    let scene = scene().await;
    let trees = "/repos/acme/infra/git/trees";
    let bytes = [0_u8, 159, 146, 150];
    let blob = json!({ "content": base64::engine::general_purpose::STANDARD.encode(bytes), "encoding": "base64" });
    let blob = scene.bot.post("/repos/acme/infra/git/blobs", blob).await;
    assert_eq!(blob.status, StatusCode::CREATED);
    let read = scene.bot.get(&format!("/repos/acme/infra/git/blobs/{}", blob.body["sha"].as_str().unwrap())).await.body;
    let read: String = read["content"].as_str().unwrap().split_whitespace().collect();
    assert_eq!(base64::engine::general_purpose::STANDARD.decode(read).unwrap(), bytes);

    let inner = json!({ "tree": [{ "path": "x.txt", "mode": "100644", "type": "blob", "content": "x" }] });
    let inner = scene.bot.post(trees, inner).await.body["sha"].clone();
    let base = scene.bot.get("/repos/acme/infra/git/trees/main").await.body["sha"].clone();
    let rows = json!([
        { "path": "bin/blob", "mode": "100755", "type": "blob", "sha": blob.body["sha"] },
        { "path": "blueprints", "mode": "040000", "type": "tree", "sha": inner },
        { "path": "README.md", "mode": "100644", "type": "blob", "sha": null },
        { "path": "new/deep/file.md", "mode": "100644", "type": "blob", "content": "deep" },
    ]);
    let tree = scene.bot.post(trees, json!({ "base_tree": base, "tree": rows })).await;
    assert_eq!(tree.status, StatusCode::CREATED, "{}", tree.body);
    let all = scene.bot.get(&format!("{trees}/{}?recursive=1", tree.body["sha"].as_str().unwrap())).await.body;
    let files = all["tree"].as_array().unwrap().iter().filter(|row| row["type"] == "blob");
    let files: Vec<&str> = files.map(|row| row["path"].as_str().unwrap()).collect();
    assert_eq!(files, ["bin/blob", "blueprints/x.txt", "new/deep/file.md"]);
    let outside = json!({ "tree": [{ "path": "../x", "mode": "100644", "type": "blob", "content": "x" }] });
    assert_eq!(scene.bot.post(trees, outside).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_come_as_json_or_raw() {
    let scene = scene().await;
    let path = "/repos/acme/infra/contents/README.md";
    let json = scene.bot.get(path).await.body;
    let content: String = json["content"].as_str().unwrap().split_whitespace().collect();
    assert_eq!(base64::engine::general_purpose::STANDARD.decode(content).unwrap(), b"# Infra\n");
    let raw = scene.bot.request(Method::GET, path).header("Accept", "application/vnd.github.raw+json").send().await.unwrap();
    assert_eq!(raw.text().await.unwrap(), "# Infra\n");
    assert_eq!(scene.bot.get("/repos/acme/infra/contents/absent").await.status, StatusCode::NOT_FOUND);
    scene.forge.assert_honest();
    scene.forge.stop().await;
}
