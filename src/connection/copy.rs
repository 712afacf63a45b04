//! Sends the rows of COPY FROM STDIN in a script.

use std::io::Cursor;

use futures_util::SinkExt;
use tokio_postgres::{Client, Error};

/// Runs COPY FROM STDIN and sends its rows.
///
/// # Errors
/// When the server refuses the statement or the rows.
pub async fn copy_in(client: &Client, statement: &str, rows: &str) -> Result<(), Error> {
    let sink = client.copy_in::<_, Cursor<Vec<u8>>>(statement).await?;
    tokio::pin!(sink);
    sink.send(Cursor::new(rows.as_bytes().to_vec())).await?;
    sink.finish().await.map(|_| ())
}
