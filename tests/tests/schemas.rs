//! The JSON Schemas of claims, generated from the record kinds and kept in `docs/schema/`.
//!
//! In: the built-in schema. Out: one file a kind and one for a whole claim object, equal to what is committed.
//! Invariant: `UPDATE=1` rewrites the files; nothing in them is written by hand.

use jihe::model::json_schema::{claims_schema, json_schema};
use jihe::model::kinds::base_schema;
use jihe::model::schema::KindId;
use jihe_tests::{root, text};

#[test]
fn the_schemas_are_current() {
    let schema = base_schema();
    let kinds = (0u16..).map(KindId).zip(&schema.kinds).filter(|(_, kind)| kind.raw_of.is_none());
    let mut files: Vec<(String, serde_json::Value)> =
        kinds.map(|(id, kind)| (format!("{}.json", kind.en), json_schema(&schema, id))).collect();
    files.push(("claims.json".to_owned(), claims_schema(&schema)));
    let folder = root().join("docs/schema");
    for (name, value) in files {
        let path = folder.join(&name);
        let generated = format!("{}\n", serde_json::to_string_pretty(&value).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &generated).unwrap();
        }
        assert_eq!(
            text(&path),
            generated,
            "{name} is stale: run UPDATE=1 cargo test -p jihe-tests --test schemas"
        );
    }
}
