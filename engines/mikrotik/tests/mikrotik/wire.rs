//! Is a router reached as the configuration says? Over TLS with a pinned certificate, by one of several addresses, by nobody else's.

use core_model::Secret;
use engine_api::{Engine, ErrorKind};
use engine_mikrotik::{Mikrotik, Place, Security};
use test_sim_routeros::{Router, RouterOptions};

use crate::subject::options;

async fn router() -> Router {
    Router::start(RouterOptions::default()).await.unwrap()
}

fn place(address: std::net::SocketAddr) -> Place {
    Place { host: address.ip().to_string(), port: address.port() }
}

#[tokio::test]
async fn over_tls_with_the_pinned_certificate_and_no_other() {
    let router = router().await;
    let mut options = options(&router);
    options.places = vec![place(router.api_tls_address())];
    options.security = Security::Tls(engine_tls::Trust::Fingerprint(router.certificate_fingerprint().into()));
    Mikrotik::new(options.clone()).unwrap().probe().await.unwrap();
    options.security = Security::Tls(engine_tls::Trust::Fingerprint([7; 32].into()));
    let error = Mikrotik::new(options).unwrap().probe().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("is pinned"), "{error}");
}

#[tokio::test]
async fn by_the_second_address_when_the_first_is_silent() {
    let router = router().await;
    let gone = self::router().await;
    let nobody = gone.api_address();
    gone.stop().await;
    let mut options = options(&router);
    options.places = vec![place(nobody), place(router.api_address())];
    Mikrotik::new(options.clone()).unwrap().probe().await.unwrap();
    options.places.truncate(1);
    let error = Mikrotik::new(options).unwrap().probe().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_told_once_and_not_shown() {
    let router = router().await;
    let mut options = options(&router);
    options.password = Secret::new("canary");
    options.places.push(place(router.api_address()));
    let error = Mikrotik::new(options).unwrap().probe().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorised);
    assert!(!format!("{error} {error:?}").contains("canary"));
    let logins = router.calls().iter().filter(|call| call.command == "/login").count();
    assert_eq!(logins, 1, "a refused credential is not tried at the other address");
}
