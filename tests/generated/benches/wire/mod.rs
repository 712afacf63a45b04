//! How many bytes a server sends: connections go through a listener of our own that counts them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio_postgres::config::Host;

/// Counts what has come from the server.
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// How many bytes came while something was done.
    pub async fn bytes(&self, done: impl Future<Output = ()>) -> u64 {
        let before = self.0.load(Ordering::SeqCst);
        done.await;
        self.0.load(Ordering::SeqCst) - before
    }
}

/// The same server behind a counter.
pub async fn counted(config: &tokio_postgres::Config) -> (tokio_postgres::Config, Counter) {
    let [Host::Tcp(host)] = config.get_hosts() else {
        panic!("one server, by TCP")
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let server = (host.clone(), port);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let own = listener.local_addr().expect("an address").port();
    let count = Arc::new(AtomicU64::new(0));
    tokio::spawn(listen(listener, server, count.clone()));
    let mut through = tokio_postgres::Config::new();
    through.host("127.0.0.1").port(own);
    through.dbname(config.get_dbname().unwrap_or_default());
    through.user(config.get_user().unwrap_or_default());
    through.password(config.get_password().unwrap_or_default());
    (through, Counter(count))
}

async fn listen(listener: TcpListener, server: (String, u16), count: Arc<AtomicU64>) {
    while let Ok((client, _)) = listener.accept().await {
        let server = TcpStream::connect((server.0.as_str(), server.1))
            .await
            .expect("the server");
        for it in [&client, &server] {
            it.set_nodelay(true).expect("no delay");
        }
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        tokio::spawn(async move { copy(&mut from_client, &mut to_server).await });
        let count = count.clone();
        tokio::spawn(async move {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(n @ 1..) = from_server.read(&mut buffer).await {
                count.fetch_add(n as u64, Ordering::SeqCst);
                if to_client.write_all(&buffer[..n]).await.is_err() {
                    break;
                }
            }
        });
    }
}
