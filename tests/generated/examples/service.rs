//! A service for documents of many tenants: what the test `service` of aludel asks over HTTP.
//!
//! It uses the database that `SERVICE_URL` names, as a role to which row-level security applies, and
//! prints the port that it listens on.

use std::net::Ipv4Addr;

use axum::extract::{FromRequestParts, Json, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use deadpool_postgres::{Client, Pool};
use generated::service::documents::{self, *};
use generated::service::support::{self, Hybrid, WithSettings};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::var("SERVICE_URL").expect("SERVICE_URL names the database");
    let pool = support::pool(url.parse().expect("a URL"), 1).expect("a pool");
    let app = axum::Router::new()
        .route("/documents", post(create).get(list))
        .route("/search", post(search))
        .route("/hybrid", post(hybrid))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = listener.await.expect("a port");
    println!("{}", listener.local_addr().expect("an address").port());
    axum::serve(listener, app).await.expect("requests");
}

/// A connection with the settings of the tenant that the header `X-Tenant` names.
struct Tenant {
    id: Uuid,
    db: WithSettings<Client>,
}

impl FromRequestParts<Pool> for Tenant {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, pool: &Pool) -> Result<Self, Failure> {
        let header = parts.headers.get("x-tenant").and_then(|it| it.to_str().ok());
        let id = header.and_then(|it| Uuid::parse_str(it).ok());
        let id = id.ok_or(Failure::Invalid("X-Tenant must be a UUID".to_owned()))?;
        let db = pool.get().await.map_err(Error::from)?;
        let db = support::with_settings(db, &[("app.tenant", &id.to_string())]);
        Ok(Tenant { id, db })
    }
}

enum Failure {
    Invalid(String),
    Database(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.is_invalid_value() {
            true => Failure::Invalid(error.to_string()),
            false => Failure::Database(error),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Failure::Invalid(detail) => (StatusCode::UNPROCESSABLE_ENTITY, detail),
            Failure::Database(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
        (status, Json(serde_json::json!({ "detail": detail }))).into_response()
    }
}

type Answer<T> = Result<Json<T>, Failure>;

#[derive(Deserialize)]
struct Create {
    content: String,
    metadata: Option<serde_json::Value>,
    embedding: Vec<f32>,
}

async fn create(
    tenant: Tenant,
    Json(body): Json<Create>,
) -> Result<(StatusCode, Json<DocumentDto>), Failure> {
    let new = NewDocument {
        metadata: body.metadata,
        ..NewDocument::new(tenant.id, body.content, body.embedding.try_into()?)
    };
    let row = documents::insert(&tenant.db, &new).await?;
    Ok((StatusCode::CREATED, Json(row)))
}

#[derive(Deserialize)]
struct List {
    limit: Option<u32>,
    after: Option<String>,
}

#[derive(Serialize)]
struct PageOut {
    items: Vec<DocumentDto>,
    next: Option<String>,
}

async fn list(tenant: Tenant, Query(list): Query<List>) -> Answer<PageOut> {
    let after = list.after.as_deref().map(support::decode_cursor);
    let after: Option<DocumentCursor> = after.transpose()?;
    let limit = list.limit.unwrap_or(20).min(100);
    let own = col::TENANT_ID.eq(tenant.id);
    let page = documents::list_page(&tenant.db, limit, after.as_ref(), Some(&own)).await?;
    let next = page.next.as_ref().map(support::encode_cursor).transpose()?;
    let items = page.items;
    Ok(Json(PageOut { items, next }))
}

#[derive(Deserialize)]
struct Search {
    embedding: Vec<f32>,
    k: u32,
    metadata: Option<serde_json::Value>,
}

#[derive(Serialize)]
struct HitOut {
    #[serde(flatten)]
    document: DocumentDto,
    distance: f64,
}

async fn search(mut tenant: Tenant, Json(body): Json<Search>) -> Answer<Vec<HitOut>> {
    let mut filter = col::TENANT_ID.eq(tenant.id);
    if let Some(metadata) = body.metadata {
        filter = filter.and(col::METADATA.contains(metadata));
    }
    let query = body.embedding.try_into()?;
    let opts = Nearest::new(body.k).filter(filter);
    let hits = documents::nearest(&mut tenant.db, &query, &opts).await?;
    let hits = hits.into_iter().map(|hit| HitOut {
        document: hit.row,
        distance: hit.distance,
    });
    Ok(Json(hits.collect()))
}

#[derive(Deserialize)]
struct HybridSearch {
    embedding: Vec<f32>,
    text: String,
    k: u32,
}

#[derive(Serialize)]
struct RankedOut {
    #[serde(flatten)]
    document: DocumentDto,
    score: f64,
    vector_rank: Option<i64>,
    text_rank: Option<i64>,
}

async fn hybrid(mut tenant: Tenant, Json(body): Json<HybridSearch>) -> Answer<Vec<RankedOut>> {
    let query = body.embedding.try_into()?;
    let opts = Hybrid::new(body.k).filter(col::TENANT_ID.eq(tenant.id));
    let found = documents::hybrid(&mut tenant.db, &query, &body.text, &opts).await?;
    let found = found.into_iter().map(|it| RankedOut {
        document: it.row,
        score: it.score,
        vector_rank: it.vector_rank,
        text_rank: it.text_rank,
    });
    Ok(Json(found.collect()))
}
