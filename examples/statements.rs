//! How long the embedded engine takes for SQL files, one after the other in one scratch database: what a
//! check cannot be faster than.
//!
//! `cargo run --release --example statements -- up.sql down.sql up.sql` prints the seconds that each took,
//! after those that the engine took to start.

use std::error::Error;
use std::time::Instant;

use aludel::scratch::extensions::created_in;
use aludel::scratch::{DatabaseSpec, Engine, EngineChoice};
use aludel::sql_text::split;

#[expect(clippy::print_stdout, reason = "an example speaks")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let paths = std::env::args().skip(1);
    let texts = paths.map(std::fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    let extensions = texts.iter().flat_map(|it| created_in(it)).collect();
    let begin = Instant::now();
    let engine = Engine::start(EngineChoice::Embedded).await?;
    let database = engine.database(&DatabaseSpec { extensions }).await?;
    let mut seconds = vec![begin.elapsed().as_secs_f64()];
    for text in &texts {
        let begin = Instant::now();
        // Some must not share a message with others: CREATE INDEX CONCURRENTLY.
        for statement in split(text)? {
            database.run(&statement.text).await?;
        }
        seconds.push(begin.elapsed().as_secs_f64());
    }
    database.close().await;
    let seconds: Vec<String> = seconds.iter().map(|it| format!("{it:.2}")).collect();
    println!("{}", seconds.join(" "));
    Ok(())
}
