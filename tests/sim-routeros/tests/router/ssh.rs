//! What is answered over SSH, and to whom?

use std::sync::Arc;

use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{ChannelMsg, client};
use test_sim_routeros::{Fault, FaultMatch, Router, RouterOptions, Version};

/// Notes which key the router shows.
struct Eyes(std::sync::mpsc::Sender<String>);

impl client::Handler for Eyes {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        if let PublicKeyOrCertificate::PublicKey { key, .. } = shown {
            self.0.send(key.fingerprint(HashAlg::Sha256).to_string()).expect("the test waits");
        }
        Ok(true)
    }
}

enum Proof {
    Password(&'static str),
    Key(Box<PrivateKey>),
}

/// What a command answers; nothing if the router lets nobody in.
async fn asked(router: &Router, user: &str, proof: Proof, command: &str) -> Option<String> {
    let (seen, shown) = std::sync::mpsc::channel();
    let mut session = client::connect(Arc::default(), router.ssh_address(), Eyes(seen)).await.ok()?;
    assert_eq!(shown.recv().expect("a key"), router.ssh_fingerprint());
    let answer = match proof {
        Proof::Password(password) => session.authenticate_password(user, password).await,
        Proof::Key(key) => session.authenticate_publickey(user, PrivateKeyWithHashAlg::new(Arc::new(*key), None)).await,
    };
    if !answer.expect("an answer").success() {
        return None;
    }
    let mut channel = session.channel_open_session().await.expect("a channel");
    channel.exec(true, command).await.expect("a request");
    let mut output = Vec::new();
    while let Some(message) = channel.wait().await {
        if let ChannelMsg::Data { data } = message {
            output.extend_from_slice(&data);
        }
    }
    Some(String::from_utf8(output).expect("text"))
}

async fn router(version: Version) -> Router {
    Router::start(RouterOptions { version, ..RouterOptions::default() }).await.expect("a router")
}

const OWN: Proof = Proof::Password("password");

fn key(seed: u8) -> Box<PrivateKey> {
    Box::new(PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32])))
}

#[tokio::test]
async fn an_export_is_shown_as_it_would_be_written() {
    for version in Version::ALL {
        let router = router(version).await;
        let comment = "x".repeat(100);
        router.add("/ip/pool", &[("name", "p"), ("ranges", "10.0.0.2"), ("comment", &format!("{comment} é \"$"))]).expect("a pool");
        let shown = asked(&router, "admin", OWN, "/export").await.expect("an answer");
        assert_eq!(shown.replace("\r\n", "\n"), router.export(), "{version}");
        let head: Vec<&str> = shown.lines().take(2).collect();
        let licence = if version >= Version::V7_20 { "# system id = SIM0000000A" } else { "# software id = " };
        assert_eq!(head, [format!("# 2026-01-05 09:00:00 by RouterOS {version}").as_str(), licence]);
        assert!(shown.contains("\\\r\n    ") && shown.contains("\\C3\\A9 \\\"\\$\""), "{shown}");

        let terse = asked(&router, "admin", OWN, "/ip/pool/export terse hide-sensitive").await.expect("an answer");
        let line = format!("/ip pool add comment=\"{comment} \\C3\\A9 \\\"\\$\" name=p ranges=10.0.0.2");
        assert_eq!(terse.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>(), [line.as_str()]);
        router.assert_honest();
        router.stop().await;
    }
}

#[tokio::test]
async fn secrets_are_shown_to_those_alone_who_may_see_them_and_ask() {
    let router = router(Version::V7_20).await;
    router.run("/ppp secret add name=u password=canary").expect("a secret");
    router.run("/user group add name=watch policy=ssh,read\n/user add name=eve password=\"a password\" group=watch").expect("a user");
    let told = async |user, password, command| asked(&router, user, Proof::Password(password), command).await.expect("an answer");
    for (user, password, command, shows) in [
        ("admin", "password", "/export show-sensitive", true),
        ("admin", "password", "/export", false),
        ("admin", "password", "/export hide-sensitive", false),
        ("eve", "a password", "/export show-sensitive", false),
    ] {
        assert_eq!(told(user, password, command).await.contains("canary"), shows, "{user} {command}");
    }
    assert_eq!(told("eve", "a password", "/ip pool add name=x ranges=10.0.0.2").await, "not enough permissions (9)\r\n");
    assert!(!told("admin", "password", "/ip pool fly").await.is_empty(), "a terminal says what is wrong");
    router.stop().await;
}

#[tokio::test]
async fn who_has_a_key_comes_with_it() {
    let router = router(Version::V7_18).await;
    router.run("/user group add name=watch policy=ssh,read\n/user add name=eve password=\"a password\" group=watch").expect("a user");
    let by_password = async || asked(&router, "eve", Proof::Password("a password"), "/export").await.is_some();
    let by_key = async |seed| asked(&router, "eve", Proof::Key(key(seed)), "/export").await.is_some();
    assert!(by_password().await && !by_key(1).await);
    let public = key(1).public_key().to_openssh().expect("a key");
    router.add("/user/ssh-keys", &[("user", "eve"), ("key", &format!("{public} eve@laptop"))]).expect("a key");
    assert!(by_key(1).await && !by_key(2).await && !by_password().await);
    router.run("/user group set watch policy=api,read").expect("another policy");
    assert!(!by_key(1).await, "the policy ssh is needed");
    router.run("/user group set watch policy=ssh,read\n/ip service set ssh disabled=yes").expect("no service");
    assert!(!by_key(1).await, "nothing answers");
    router.stop().await;
}

#[tokio::test]
async fn a_rule_cuts_ssh_and_faults_break_it() {
    let router = router(Version::V7_24).await;
    for (fault, expected) in
        [(Fault::TrapBefore("interrupted".to_owned()), "interrupted\r\n"), (Fault::DisconnectBefore, ""), (Fault::Garbage, "\u{0}\u{1}\u{2}")]
    {
        router.fault(FaultMatch::command("/export"), fault, 1);
        assert_eq!(asked(&router, "admin", OWN, "/export").await.as_deref(), Some(expected));
    }
    router.fault(FaultMatch::command("/export"), Fault::Truncated, 1);
    let half = asked(&router, "admin", OWN, "/export").await.expect("a half");
    assert!(half.starts_with("# 2026") && half.len() < router.export().len(), "{half}");
    router.run("/ip firewall filter add chain=input action=drop protocol=tcp dst-port=22").expect("a rule");
    assert_eq!(asked(&router, "admin", OWN, "/export").await, None);
    router.stop().await;
}
