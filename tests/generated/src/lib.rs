#[path = "../awkward/rust/mod.rs"]
pub mod awkward;
#[path = "../documents/rust/mod.rs"]
pub mod documents;
#[path = "../every_type/rust/mod.rs"]
pub mod every_type;
