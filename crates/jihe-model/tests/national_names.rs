//! The national names of the schema are those of the published interface tables.
//!
//! In: `domain/interface_fields.csv` of the shared data. Out: nothing.
//! Invariant: without the shared data the test says that it is skipped.

use std::path::PathBuf;

use jihe_model::kinds::base_schema;

#[expect(clippy::disallowed_methods, reason = "a test of the data beside the repository")]
fn shared() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    std::env::var("JIHE_SHARED").map_or_else(|_| PathBuf::from(beside), PathBuf::from)
}

#[test]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads a file, and says so if it cannot"
)]
fn national_names_are_published() {
    let path = shared().join("domain/interface_fields.csv");
    let Ok(published) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no {}", path.display());
        return;
    };
    let schema = base_schema();
    for kind in &schema.kinds {
        for name in kind.fields.iter().filter_map(|field| field.national.as_deref()) {
            assert!(published.contains(&format!(",{name},")), "{}.{name}", kind.en);
        }
    }
}
