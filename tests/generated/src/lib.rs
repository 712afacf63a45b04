//! The generated code of the test schemas, compiled as a program's own would be.
//!
//! A vector of another length is another type:
//!
//! ```compile_fail,E0308
//! use generated::documents::documents::{DocumentEmbedding, NewDocument};
//! use generated::documents::support::Embedding;
//! let embedding: Embedding<768> = Embedding::from([0.0; 768]);
//! NewDocument::new("text", embedding);
//! ```
//!
//! So is a filter with a value of another type, or of another table:
//!
//! ```compile_fail,E0277
//! use generated::documents::documents::col;
//! let filter = col::STATUS.eq("draft");
//! ```
//!
//! ```compile_fail,E0308
//! use generated::documents::documents::Nearest;
//! use generated::awkward::hits;
//! let opts: Nearest = Nearest::new(10).filter(hits::col::ID.eq(1));
//! ```
//!
//! What holds a vector cannot be sent by mistake:
//!
//! ```compile_fail,E0277
//! use generated::documents::documents::DocumentFull;
//! fn send(row: &DocumentFull) -> String {
//!     serde_json::to_string(row).unwrap()
//! }
//! ```
//!
//! What may be sent can, and the right types are right:
//!
//! ```
//! use generated::documents::documents::{DocStatus, DocumentDto, DocumentEmbedding, Nearest, NewDocument, col};
//! fn send(row: &DocumentDto) -> String {
//!     serde_json::to_string(row).unwrap()
//! }
//! let embedding: DocumentEmbedding = vec![0.0; 1536].try_into().unwrap();
//! NewDocument::new("text", embedding);
//! let opts: Nearest = Nearest::new(10).filter(col::STATUS.eq(DocStatus::Draft));
//! ```

#[path = "../awkward/rust/mod.rs"]
pub mod awkward;
#[path = "../chinook/rust/mod.rs"]
pub mod chinook;
#[path = "../contrib/rust/mod.rs"]
pub mod contrib;
#[path = "../documents/rust/mod.rs"]
pub mod documents;
#[path = "../every_type/rust/mod.rs"]
pub mod every_type;
#[path = "../example/rust/mod.rs"]
pub mod example;
#[path = "../lcpg/rust/mod.rs"]
pub mod lcpg;
#[path = "../pagila_vector/rust/mod.rs"]
pub mod pagila_vector;
#[path = "../rag_postgres/rust/mod.rs"]
pub mod rag_postgres;
#[path = "../service/rust/mod.rs"]
pub mod service;
#[path = "../settings/rust/mod.rs"]
pub mod settings;
#[path = "../strange/rust/mod.rs"]
pub mod strange;
#[path = "../vecs/rust/mod.rs"]
pub mod vecs;
