//! A program that keeps generated code to itself: what nobody uses there is no reason for a warning,
//! and neither are the names of the schema.

#[path = "../documents/rust/mod.rs"]
mod documents;
#[path = "../strange/rust/mod.rs"]
mod strange;

fn main() {
    println!("{}, {}", documents::documents::TABLE, strange::abc::TABLE);
}
