//! Can a router's export be had over SSH, from the right router alone, and without a secret?

use std::time::Duration;

use core_model::Secret;
use engine_api::{CheckState, Engine, EngineError, ErrorKind};
use engine_mikrotik::{Mikrotik, MikrotikOptions, SshLogin, SshOptions};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::ssh_key::{Cipher, Kdf, LineEnding};
use test_sim_routeros::{Fault, FaultMatch, Router, Version};

use crate::subject::options;
use crate::world::{World, ticking};

const PAGE: &str = include_str!("../../../../docs/engines/mikrotik.md");
const FILES: &str = "/file";

/// A pair of keys that guards nothing.
fn key() -> PrivateKey {
    PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32]))
}

fn text_of(key: &PrivateKey) -> String {
    key.to_openssh(LineEnding::LF).unwrap().to_string()
}

fn with_ssh(router: &Router, change: impl FnOnce(&mut SshOptions)) -> MikrotikOptions {
    let mut options = options(router);
    change(options.ssh.as_mut().unwrap());
    options
}

async fn asked(options: MikrotikOptions) -> Result<Option<String>, EngineError> {
    Ok(Mikrotik::new(options)?.artefact().await?.map(|artefact| artefact.text))
}

#[tokio::test]
async fn an_export_has_everything_but_secrets_and_the_time() {
    for version in Version::ALL {
        let router = ticking(version).await;
        router
            .run("/ppp secret add name=u password=canary\n/interface wireguard add name=wg0 listen-port=51820\n/ip dns set servers=9.9.9.9")
            .unwrap();
        let key = router.entries("/interface/wireguard")[0].get("private-key").unwrap().to_owned();
        let before = router.configuration();
        router.forget_calls();
        let engine = Mikrotik::new(options(&router)).unwrap();
        let artefact = engine.artefact().await.unwrap().unwrap();
        assert_eq!((artefact.file_name.as_str(), artefact.refusal()), ("export.rsc", None));
        assert!(artefact.text.starts_with(&format!("# by RouterOS {version}\n")), "{}", artefact.text);
        for line in ["/ip dns set servers=9.9.9.9\n", "/ppp secret add name=u\n", "/interface wireguard add listen-port=51820 name=wg0\n"] {
            assert!(artefact.text.contains(line), "{line}{}", artefact.text);
        }
        assert!(!artefact.text.contains("canary") && !artefact.text.contains(&key) && !artefact.text.contains('\r'), "{}", artefact.text);
        assert_eq!(engine.artefact().await.unwrap(), Some(artefact), "an unchanged router says the same again");
        assert_eq!((router.configuration(), router.writes()), (before, Vec::new()), "{version}");
        router.assert_honest();
    }
}

/// `/export file=` would be the only way over the API, and it writes.
#[tokio::test]
async fn without_ssh_there_is_none_and_nothing_is_written() {
    let router = ticking(Version::V7_20).await;
    let engine = Mikrotik::new(MikrotikOptions { ssh: None, ..options(&router) }).unwrap();
    assert_eq!(engine.artefact().await.unwrap(), None);
    assert_eq!((router.calls(), router.entries(FILES)), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_host_key_that_is_not_pinned_gets_no_password() {
    let (router, other) = (ticking(Version::V7_20).await, ticking(Version::V7_20).await);
    let options = with_ssh(&router, |ssh| ssh.host_key = other.ssh_fingerprint().parse().unwrap());
    let error = asked(options).await.unwrap_err();
    let expected = format!("its SSH host key is {}, and the configuration has {}", router.ssh_fingerprint(), other.ssh_fingerprint());
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.ends_with(&expected), "{error}");
    assert_eq!(router.calls(), Vec::new());
}

#[tokio::test]
async fn who_is_refused_is_told_why() {
    let router = ticking(Version::V7_20).await;
    let wrong = with_ssh(&router, |ssh| ssh.login = SshLogin::Password(Secret::new("a wrong canary")));
    let error = asked(wrong).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorised);
    assert_eq!(error.message, "it refuses the password of the user `admin`, or that user may not use ssh");
    assert!(!format!("{error} {error:?}").contains("canary"));

    router.run("/user group add name=blind policy=ssh\n/user add name=blind group=blind password=\"of the blind\"").unwrap();
    let blind = with_ssh(&router, |ssh| {
        ssh.user = "blind".to_owned();
        ssh.login = SshLogin::Password(Secret::new("of the blind"));
    });
    let error = asked(blind.clone()).await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Rejected, "it answers no export, but: not enough permissions (9)"));
    let check = Mikrotik::new(blind).unwrap().checkup().await.unwrap().checks.remove(0);
    assert_eq!(check.state, CheckState::Warning);
    assert_eq!(check.text, "no export is kept beside records: asked over SSH, it answers: not enough permissions (9)");
    assert_eq!(check.hint.as_deref(), Some("give the user of SSH the policies ssh and read"));
}

/// The commands of the engine's page, as they stand there.
#[tokio::test]
async fn the_user_of_the_page_may_export_and_nothing_more() {
    let router = ticking(Version::V7_15).await;
    router.run("/ppp secret add name=u password=canary").unwrap();
    let public_key = key().public_key().to_openssh().unwrap();
    for begin in ["/user/group/add name=ipr-export ", "/user/add name=ipr-export ", "/user/ssh-keys/add user=ipr-export ", "/ip/service/set ssh "] {
        let line = PAGE.lines().find(|line| line.starts_with(begin)).unwrap_or_else(|| panic!("the page has no `{begin}`"));
        let line = line.replace("10.0.0.5/32", "192.168.88.10/32").replace("ssh-ed25519 AAAA...", &public_key);
        router.run(&line).unwrap();
    }
    let service = router.entries("/ip/service").into_iter().find(|service| service.get("name") == Some("ssh")).unwrap();
    assert!(service.get("address").is_none_or(str::is_empty), "whoever else comes by SSH is cut off: {service:?}");
    let by_key = |login: &str| {
        let login = SshLogin::Key(Secret::new(login));
        with_ssh(&router, |ssh| {
            ssh.user = "ipr-export".to_owned();
            ssh.login = login;
        })
    };
    let text = asked(by_key(&text_of(&key()))).await.unwrap().unwrap();
    assert!(text.contains("/ppp secret add name=u\n") && !text.contains("canary"), "{text}");
    let check = Mikrotik::new(by_key(&text_of(&key()))).unwrap().checkup().await.unwrap().checks.remove(0);
    assert_eq!((check.state, check.text.as_str()), (CheckState::Ok, "exports can be had over SSH, and are kept beside records"));
    let encrypted = key().encrypt_with(Cipher::Aes256Ctr, Kdf::Bcrypt { salt: vec![1; 16], rounds: 1 }, 7, "a passphrase").unwrap();
    for (bad, why) in [("", "no private key"), (&public_key, "no private key"), (&text_of(&encrypted), "has a passphrase")] {
        let error = Mikrotik::new(by_key(bad)).map(drop).unwrap_err();
        assert!(error.kind == ErrorKind::Rejected && error.message.contains(why), "{error}");
    }
}

/// What is not confirmed may be undone, and is in no record.
#[tokio::test]
async fn while_changes_are_open_there_is_no_export() {
    let name = "  - {type: route, name: branch, provider: mikrotik, specs: {to: 203.0.113.0/24, gateway: 192.168.88.254}}";
    let world = World::new(Version::V7_20).await;
    let planned = world.plan(name).await;
    world.apply_without_confirming(&planned).await.unwrap();
    let error = world.engine.artefact().await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Busy, "a run has changed the router and has not confirmed it yet"));
    // Another daemon, or another environment's, sees the switch.
    let error = asked(options(&world.router)).await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Busy, "a run has changed the router and has not confirmed it yet"));
    world.confirm(&planned).await.unwrap();
    let text = world.engine.artefact().await.unwrap().unwrap().text;
    assert!(text.contains("203.0.113.0/24") && !text.contains("ipr-undo"), "{text}");
}

#[tokio::test]
async fn what_breaks_off_or_never_comes_is_no_export() {
    let router = ticking(Version::V7_20).await;
    for (fault, kind, message) in [
        (Fault::DisconnectBefore, ErrorKind::Unreachable, "the connection ended before the output did"),
        (Fault::Truncated, ErrorKind::Unreachable, "the connection ended before the output did"),
        (Fault::SilenceBefore, ErrorKind::Timeout, "no whole answer within 1 s"),
        (Fault::Garbage, ErrorKind::Rejected, "it answers no export, but: \u{0}\u{1}\u{2}"),
        (Fault::TrapBefore("interrupted".to_owned()), ErrorKind::Rejected, "it answers no export, but: interrupted"),
    ] {
        let mut options = options(&router);
        options.timeouts.export = Duration::from_secs(1);
        router.fault(FaultMatch::command("/export"), fault.clone(), 1);
        let error = asked(options).await.unwrap_err();
        assert_eq!(error.kind, kind, "{fault:?}: {error}");
        assert!(error.message.ends_with(message), "{fault:?}: {error}");
    }
    router.run("/ip service set ssh disabled=yes").unwrap();
    assert_eq!(asked(options(&router)).await.unwrap_err().kind, ErrorKind::Unreachable);
    let check = Mikrotik::new(options(&router)).unwrap().checkup().await.unwrap().checks.remove(0);
    assert_eq!(check.hint.as_deref(), Some("see that /ip/service has ssh enabled for this machine, and that `ssh_host_key` is the router's"));
}
