//! A pool of connections.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};

use super::errors::Result;

/// A pool of up to `size` connections. Each connection is tested before it is used, so that no
/// query fails because the server restarted. For TLS, see [`pool_with`].
///
/// # Errors
/// None yet: connections are opened when they are needed.
pub fn pool(config: tokio_postgres::Config, size: usize) -> Result<Pool> {
    pool_with(config, tokio_postgres::NoTls, size)
}

/// A pool as of [`pool`], with TLS. Waiting for a connection and opening one fail after 10 seconds,
/// testing one after 5.
///
/// # Errors
/// None yet: connections are opened when they are needed.
pub fn pool_with<T>(config: tokio_postgres::Config, tls: T, size: usize) -> Result<Pool>
where
    T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as tokio_postgres::tls::TlsConnect<tokio_postgres::Socket>>::Future: Send,
{
    let recycling_method = RecyclingMethod::Verified;
    let manager = Manager::from_config(config, tls, ManagerConfig { recycling_method });
    Ok(Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(10)))
        .create_timeout(Some(Duration::from_secs(10)))
        .recycle_timeout(Some(Duration::from_secs(5)))
        .build()
        .expect("a runtime is set"))
}
