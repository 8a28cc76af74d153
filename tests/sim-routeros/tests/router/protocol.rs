//! Does the binary API speak as MikroTik describes it?

use test_sim_routeros::{Router, RouterOptions, Version};

use crate::client::{Client, words};

async fn router() -> Router {
    Router::start(RouterOptions::default()).await.expect("a router")
}

#[tokio::test]
async fn nobody_is_served_before_a_login() {
    let router = router().await;
    let mut client = Client::connect(router.api_address()).await;
    assert_eq!(words(&client.ask(&["/ip/address/print"]).await), ["!fatal"]);
    assert_eq!(client.receive().await, None);
    let mut client = Client::connect(router.api_address()).await;
    let refused = client.refusal(&["/login", "=name=admin", "=password=wrong"]).await;
    assert_eq!(refused, "invalid user name or password (6)");
    router.stop().await;
}

#[tokio::test]
async fn a_print_answers_rows_and_an_end() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let rows = client.rows(&["/ip/address/print", "=.proplist=.id,address,network,interface,dynamic,disabled"]).await;
    assert_eq!(rows.len(), 1);
    let shown = ["address", "network", "interface", "dynamic", "disabled"].map(|name| rows[0].get(name));
    assert_eq!(shown, ["192.168.88.1/24", "192.168.88.0", "ether1", "false", "false"]);
    assert_eq!(client.ret(&["/interface/print", "=count-only=", "?type=ether"]).await, "5");
    router.stop().await;
}

#[tokio::test]
async fn nothing_to_show_is_said_from_7_18_on() {
    for version in Version::ALL {
        let router = Router::start(RouterOptions { version, ..RouterOptions::default() }).await.expect("a router");
        let mut client = Client::log_in(&router).await;
        let replies = client.ask(&["/ip/firewall/filter/print"]).await;
        let expected: &[&str] = if version == Version::V7_15 { &["!done"] } else { &["!empty", "!done"] };
        assert_eq!(words(&replies), expected, "{version}");
        router.stop().await;
    }
}

#[tokio::test]
async fn answers_carry_the_tag_of_their_question() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    client.send(&["/system/identity/print", ".tag=a"]).await;
    client.send(&["/nonsense", ".tag=b"]).await;
    let mut tags = Vec::new();
    for _ in 0..4 {
        let reply = client.receive().await.expect("an answer");
        tags.push((reply.word.clone(), reply.get(".tag").to_owned()));
    }
    let expected = [("!re", "a"), ("!done", "a"), ("!trap", "b"), ("!done", "b")];
    assert_eq!(tags, expected.map(|(word, tag)| (word.to_owned(), tag.to_owned())));
    router.stop().await;
}

#[tokio::test]
async fn what_does_not_exist_is_refused_in_the_routers_words() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let table: &[(&[&str], &str)] = &[
        (&["/ip/nothing/print"], "no such command prefix"),
        (&["/ip/address/find"], "no such command"),
        (&["/ip/address/fly"], "no such command"),
        (&["/ip/address/add", "=bogus=1"], "unknown parameter bogus"),
        (&["/ip/address/remove", "=.id=*FF"], "no such item"),
        (&["/ip/address/add", "=address=10.0.0.1/24"], "missing value(s) of argument(s) interface"),
        (&["/ip/address/add", "=address=10.0.0.1/24", "=interface=wlan9"], "input does not match any value of interface"),
        (&["/ip/address/add", "=address=10.0.0", "=interface=ether1"], "invalid value for argument address"),
        (&["/ip/address/add", "=address=192.168.88.1/24", "=interface=ether1"], "failure: already have such address"),
        (&["/interface/vlan/add", "=interface=ether1", "=vlan-id=5000"], "value of vlan-id out of range (1..4095)"),
        (&["/interface/bridge/add", "=name=ether1"], "failure: already have interface with such name"),
    ];
    for (words, expected) in table {
        assert_eq!(client.refusal(words).await, *expected, "{words:?}");
    }
    router.stop().await;
}

#[tokio::test]
async fn a_listener_hears_what_others_do_until_it_cancels() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    client.send(&["/ip/pool/listen", ".tag=9"]).await;
    // The answer to a later question says that the first was taken.
    client.ask(&["/system/identity/print"]).await;
    let id = router.add("/ip/pool", &[("name", "p"), ("ranges", "10.0.0.2-10.0.0.9")]).expect("a pool");
    let heard = client.receive().await.expect("a change");
    assert_eq!((heard.get(".tag"), heard.get("name"), heard.get(".id")), ("9", "p", id.as_str()));
    router.remove("/ip/pool", "p").expect("it goes");
    let heard = client.receive().await.expect("a change");
    assert_eq!((heard.get(".id"), heard.get(".dead")), (id.as_str(), "true"));
    let ended = client.ask(&["/cancel", "=tag=9", ".tag=c"]).await;
    assert_eq!((words(&ended), ended[0].get("message"), ended[0].get(".tag")), (vec!["!trap", "!done"], "interrupted", "9"));
    router.stop().await;
}

#[tokio::test]
async fn the_tree_is_learned_step_by_step() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let children = client.rows(&["/console/inspect", "=request=child", "=path=ip,address"]).await;
    let named =
        |name: &str| children.iter().find(|row| row.get("name") == name).map(|row| (row.get("type").to_owned(), row.get("node-type").to_owned()));
    assert_eq!(named("add"), Some(("child".to_owned(), "cmd".to_owned())));
    assert_eq!(named("address"), Some(("self".to_owned(), "dir".to_owned())));
    let arguments = client.rows(&["/console/inspect", "=request=child", "=path=ip,address,add"]).await;
    assert!(arguments.iter().any(|row| row.get("name") == "interface" && row.get("node-type") == "arg"), "{arguments:?}");
    router.stop().await;
}

#[tokio::test]
async fn a_farewell_is_fatal() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let replies = client.ask(&["/quit"]).await;
    assert_eq!((words(&replies), replies[0].get("message")), (vec!["!fatal"], "session terminated on request"));
    assert_eq!(client.receive().await, None);
    router.stop().await;
}

#[tokio::test]
async fn over_tls_the_certificate_is_the_one_of_the_fingerprint() {
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};
    use sha2::{Digest, Sha256};

    let router = router().await;
    let certificate = CertificateDer::from_pem_slice(router.certificate_pem().as_bytes()).expect("a certificate");
    assert_eq!(<[u8; 32]>::from(Sha256::digest(&certificate)), router.certificate_fingerprint());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).expect("its own authority");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let configuration = builder.with_root_certificates(roots).with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(router.api_tls_address()).await.expect("the router listens");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let mut stream = tokio_rustls::TlsConnector::from(Arc::new(configuration)).connect(name, stream).await.expect("a handshake");
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"\x05/quit\x00").await.expect("the router reads");
    let mut answer = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut answer).await.expect("the router answers");
    assert!(answer.starts_with(b"\x06!fatal"), "{answer:?}");
    router.stop().await;
}
