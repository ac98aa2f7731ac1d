//! Turns a compiled wasm module into the JavaScript, TypeScript and wasm files of the npm package.
//!
//! In: the folder to fill, and names and paths of modules. Out: exit 0, or the reason on stderr and exit 1.
//! Invariant: nothing is fetched; this is the `wasm-bindgen` command, as a library of a pinned version.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((folder, modules)) = arguments.split_first().filter(|(_, modules)| modules.len() % 2 == 0)
    else {
        eprintln!("usage: jihe-bindgen FOLDER [NAME MODULE.wasm]…");
        return ExitCode::FAILURE;
    };
    for pair in modules.chunks_exact(2) {
        if let [name, module] = pair
            && let Err(reason) = write_package(module, name, folder)
        {
            eprintln!("{module}: {reason}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The `web` flavour is an ES module that takes its wasm as bytes or address, so that one file serves
/// Node, pages, workers and bundlers.
fn write_package(module: &str, name: &str, folder: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // The module finds its own wasm beside it, unless the page passes another address.
    bindgen
        .input_path(module)
        .out_name(name)
        .typescript(false)
        // After a trap the instance is dead; this lets the package start a new one.
        .reset_state_function(true)
        .omit_default_module_path(false)
        // The names order the functions; what does that takes them away.
        .remove_name_section(false);
    bindgen.web(true).map_err(|error| error.to_string())?;
    bindgen.generate(folder).map_err(|error| error.to_string())
}
