//! A way to a server that can be cut.

use crate::support::TestDatabase;

/// A way to a server that can be cut.
pub(crate) struct Cut {
    port: u16,
    streams: std::sync::Arc<std::sync::Mutex<Vec<std::net::TcpStream>>>,
}

impl Cut {
    /// A way to the server of a database.
    pub(crate) fn before(database: &TestDatabase) -> Self {
        let port = port(database);
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = listener.local_addr().expect("a port").port();
        let streams = std::sync::Arc::default();
        let kept: std::sync::Arc<std::sync::Mutex<Vec<_>>> = std::sync::Arc::clone(&streams);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = std::net::TcpStream::connect(("127.0.0.1", port)) else { return };
                let pair = [client, server];
                kept.lock().unwrap().extend(pair.iter().map(|it| it.try_clone().unwrap()));
                let [client, server] = pair;
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || std::io::copy(&mut from, &mut to));
                }
            }
        });
        Self { port: own, streams }
    }

    /// The URL of the database by this way.
    pub(crate) fn url(&self, database: &TestDatabase) -> String {
        let (from, to) = (format!(":{}/", port(database)), format!(":{}/", self.port));
        database.url().replace(&from, &to)
    }

    /// Closes every connection.
    pub(crate) fn all(&self) {
        for it in self.streams.lock().unwrap().iter() {
            let _ = it.shutdown(std::net::Shutdown::Both);
        }
    }
}

fn port(database: &TestDatabase) -> u16 {
    let server: tokio_postgres::Config = database.url().parse().expect("a URL");
    server.get_ports()[0]
}
