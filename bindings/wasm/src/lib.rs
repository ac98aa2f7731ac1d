//! Jihe for JavaScript. trial
use wasm_bindgen::prelude::*;
/// version
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
