//! How is a router reached? By the first of its addresses that answers, over TLS unless the configuration says otherwise.

use std::sync::Arc;

use engine_api::{EngineError, ErrorKind};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::connection::{Connection, Failure, Stream};
use crate::options::{MikrotikOptions, Place, Security};

/// Makes connections to one router.
pub(crate) struct Dialer {
    options: MikrotikOptions,
    tls: Option<TlsConnector>,
}

impl Dialer {
    pub(crate) fn new(options: MikrotikOptions) -> Result<Self, EngineError> {
        let tls = match &options.security {
            Security::Plain => None,
            Security::Tls(trust) => {
                let config = engine_tls::client_config(trust)
                    .map_err(|error| EngineError::new(ErrorKind::Rejected, "use the router's trust settings", error.to_string()))?;
                Some(TlsConnector::from(Arc::new(config)))
            }
        };
        Ok(Self { options, tls })
    }

    pub(crate) fn options(&self) -> &MikrotikOptions {
        &self.options
    }

    /// A fresh, logged-in connection. The addresses are tried in order; a refused credential ends the search.
    pub(crate) async fn connect(&self) -> Result<Connection, EngineError> {
        let attempt = || format!("log in to the router {}", self.options.shown());
        let mut reasons = Vec::new();
        for place in &self.options.places {
            match self.connect_to(place).await {
                Ok(connection) => return Ok(connection),
                Err(failure) if failure.kind == ErrorKind::Unauthorised => return Err(failure.into_error(attempt())),
                Err(failure) => reasons.push((failure.kind, format!("{place}: {}", failure.message))),
            }
        }
        let kind = match reasons.as_slice() {
            [(kind, _)] => *kind,
            _ => ErrorKind::Unreachable,
        };
        let reasons: Vec<String> = reasons.into_iter().map(|(_, reason)| reason).collect();
        Err(EngineError::new(kind, attempt(), reasons.join("; ")))
    }

    async fn connect_to(&self, place: &Place) -> Result<Connection, Failure> {
        let timeouts = self.options.timeouts;
        let opening = async {
            let unreachable = |error: std::io::Error| Failure { kind: ErrorKind::Unreachable, message: error.to_string() };
            let stream = TcpStream::connect((place.host.as_str(), place.port)).await.map_err(unreachable)?;
            stream.set_nodelay(true).map_err(unreachable)?;
            let stream: Box<dyn Stream> = match &self.tls {
                None => Box::new(stream),
                Some(connector) => Box::new(connector.connect(server_name(&place.host)?, stream).await.map_err(|error| not_trusted(&error))?),
            };
            let mut connection = Connection::new(stream, timeouts.answer);
            connection.log_in(&self.options.user, self.options.password.expose()).await?;
            Ok(connection)
        };
        match tokio::time::timeout(timeouts.connect, opening).await {
            Ok(result) => result,
            Err(_) => Err(Failure { kind: ErrorKind::Unreachable, message: format!("no connection within {} s", timeouts.connect.as_secs()) }),
        }
    }
}

/// The words of a certificate check of our own are inside; rustls itself prints them as code.
fn not_trusted(error: &std::io::Error) -> Failure {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let message = match inner {
        Some(rustls::Error::InvalidCertificate(rustls::CertificateError::Other(reason))) => reason.0.to_string(),
        _ => error.to_string(),
    };
    Failure { kind: ErrorKind::Unreachable, message }
}

fn server_name(host: &str) -> Result<ServerName<'static>, Failure> {
    ServerName::try_from(host.to_owned()).map_err(|_| Failure { kind: ErrorKind::Rejected, message: format!("`{host}` is no host name") })
}
