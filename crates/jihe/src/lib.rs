//! Jihe（稽核）: rules for auditing medical-insurance claims, compiled once and run over claim records.
//!
//! In: rule texts, knowledge tables, claim records. Out: findings with evidence, and a coverage report.
//! Invariant: a pure function of its inputs: no file, clock, environment or global is touched, nothing is printed.
//!
//! ```
//! let files = jihe::RuleFiles::new().rule("demo.jihe", r#"
//!     规则包 "示例" 版本 "1"
//!     规则 大额明细 { 编号 "X1" 针对 明细 当 金额 > 1000 元 性质 可疑 违规金额 金额 - 1000 元 说明 "单笔{金额}" }
//! "#);
//! let ruleset = jihe::compile(&files).map_err(|error| error.render(jihe::Language::Chinese)).unwrap();
//! let claims = ruleset.claims_from_json(r#"{
//!     "visit": [{ "mdtrt_id": "V1", "psn_no": "P1", "time": "2024-03-01" }],
//!     "item":  [{ "feedetl_sn": "L1", "visit": "V1", "used_time": "2024-03-01", "cnt": "1", "pric": "1500", "amount": "1500.00" }]
//! }"#).unwrap();
//! let report = ruleset.audit(&claims, &jihe::Options::default());
//! assert_eq!(report.findings()[0].amount, Some(500_0000)); // ten-thousandths of a yuan
//! ```

mod audit;
mod compile;
mod error;
mod files;
pub mod fuzz;
mod manifest;
mod merge;
pub mod money;
mod needs;
mod parts;
mod requirements;
mod ruleset;
mod run_tests;
mod session;
mod snapshot;
mod totals;
pub mod wire;

pub use audit::{Claims, Options, Portion, Report, Watch};
pub use compile::{check, compile, explain_code, format, knowledge_files};
pub use error::{Error, ErrorKind};
pub use files::RuleFiles;
pub use jihe_diagnostics::{Diagnostic, Language, Severity, Sources};

/// Diagnostics as text, one line each, JSON or SARIF.
pub mod render {
    pub use jihe_diagnostics::{
        render_concise as concise, render_json as json, render_sarif as sarif, render_text as text,
    };
}

/// For this project's own tests: what a test block is run over.
#[doc(hidden)]
pub mod testing {
    pub use crate::run_tests::test_records;
}

pub use jihe_model as model;
pub use manifest::{Manifest, RuleLine, RuleStatus, TableLine};
pub use merge::Merge;
pub use parts::{FieldLayout, KindLayout, KindReach, Layout};
pub use requirements::{KindRequirement, Reach, Requirements};
pub use ruleset::Ruleset;
pub use run_tests::{TestFailure, TestReport};
pub use session::{Check, NotEvaluated, Session};
pub use snapshot::Snapshot;
pub use totals::Totals;

/// The version of this library, written into every manifest.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
