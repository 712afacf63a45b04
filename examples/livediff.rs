//! scratch tool
use aludel::{
    catalog, diff,
    model::{declared::Hints, ident::Ident},
    plan, render,
};
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (a, b) = (&args[2], &args[3]);
    let mut snaps = vec![];
    for url in [a, b] {
        let (mut c, conn) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(conn);
        let scope = catalog::Scope {
            namespaces: None,
            exclude: vec![],
            ledger_namespace: Ident::new("aludel"),
        };
        match catalog::introspect(&mut c, &scope).await {
            Ok(s) => snaps.push(s),
            Err(e) => {
                eprintln!("{e:?}");
                std::process::exit(3)
            }
        }
    }
    let to = snaps.pop().unwrap();
    let from = snaps.pop().unwrap();
    let changes = diff::diff(&from.schema, &to.schema);
    match plan::plan(&from, &to, &changes, &Hints::default(), plan::Options { online: true }) {
        Ok(p) => print!("{}", render::script(&p)),
        Err(es) => {
            for e in es {
                eprintln!("error: {e}");
            }
            std::process::exit(2)
        }
    }
}
