use test_sim_routeros::{Router, RouterOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::options::Security;
use crate::ssh::SshOptions;

const HOST_KEY: &str = "SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM";

fn client(port: u16, host_key: &str) -> SshClient {
    let ssh = SshOptions { port, user: "admin".to_owned(), host_key: host_key.parse().unwrap(), login: SshLogin::Password(Secret::new("password")) };
    let options = MikrotikOptions {
        places: vec![Place { host: "127.0.0.1".to_owned(), port: 1 }],
        security: Security::Plain,
        user: String::new(),
        password: Secret::new(""),
        owner_id: String::new(),
        ssh: Some(ssh),
        timeouts: Timeouts { connect: Duration::from_secs(2), export: Duration::from_secs(2), ..Timeouts::default() },
    };
    SshClient::new(&options).unwrap().unwrap()
}

#[tokio::test]
async fn an_output_without_end_is_refused() {
    let router = Router::start(RouterOptions::default()).await.unwrap();
    let mut client = client(router.ssh_address().port(), router.ssh_fingerprint());
    assert!(client.ask(Question::Trial).await.unwrap().contains("by RouterOS 7.20"));
    client.bytes_max = 50;
    let error = client.ask(Question::Export).await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Protocol, "its output is larger than 50 bytes"));
}

/// Listens once, says these bytes, and reads until the client is gone.
async fn saying(bytes: Vec<u8>) -> SshClient {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    client(port, HOST_KEY)
}

/// The begin of a conversation with a router as it leaves the factory: its only host key is RSA.
fn with_rsa_only() -> Vec<u8> {
    let lists = ["curve25519-sha256", "rsa-sha2-256,ssh-rsa", "aes256-ctr", "aes256-ctr", "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""];
    let mut payload = vec![20];
    payload.extend([7; 16]);
    for list in lists {
        payload.extend((list.len() as u32).to_be_bytes());
        payload.extend(list.as_bytes());
    }
    payload.extend([0; 5]);
    let padding = 16 - (payload.len() + 5) % 8;
    let mut bytes = b"SSH-2.0-ROSSSH\r\n".to_vec();
    bytes.extend(((payload.len() + padding + 1) as u32).to_be_bytes());
    bytes.push(padding as u8);
    bytes.extend(payload);
    bytes.extend(vec![0; padding]);
    bytes
}

#[tokio::test]
async fn a_router_with_an_rsa_key_alone_is_told_what_to_do() {
    let error = saying(with_rsa_only()).await.ask(Question::Export).await.unwrap_err();
    let expected = "it has neither an Ed25519 nor an ECDSA host key: /ip/ssh/set host-key-type=ed25519, then /ip/ssh/regenerate-host-key";
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Rejected, expected));
}

#[tokio::test]
async fn what_speaks_no_ssh_is_unreachable_in_time() {
    for nonsense in [&b""[..], b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-x\r\n\xff\xff\xff\xff\xff\xff\xff\xff"] {
        let error = saying(nonsense.to_vec()).await.ask(Question::Export).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
    }
}
