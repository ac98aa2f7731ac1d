//! Turns a compiled wasm module into the JavaScript, TypeScript and wasm files of the npm package.
//!
//! In: the path of the module and the folder to fill. Out: exit 0, or the reason on stderr and exit 1.
//! Invariant: nothing is fetched; this is the `wasm-bindgen` command, as a library of a pinned version.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("usage: jihe-bindgen MODULE.wasm FOLDER");
        return ExitCode::FAILURE;
    };
    match write_package(module, folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// The `web` flavour is an ES module that takes its wasm as bytes or address, so that one file serves
/// Node, pages, workers and bundlers.
fn write_package(module: &str, folder: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // The module finds its own wasm beside it, unless the page passes another address.
    bindgen
        .input_path(module)
        .out_name("jihe_native")
        .typescript(true)
        .omit_default_module_path(false)
        .remove_name_section(true);
    bindgen.web(true).map_err(|error| error.to_string())?;
    bindgen.generate(folder).map_err(|error| error.to_string())
}
