//! Builds the npm package and tests it in Node and in a real Chromium.
//!
//! In: `bindings/wasm`. Out: the package in `target/npm`, a tarball beside it; `Ok` or the command that failed.
//! Invariant: the tests import the packed tarball, as a user would.

pub(crate) mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};

use crate::setup;
use crate::shell::{self, Outcome, run, run_tests};
use crate::tally::Tally;

const FOLDER: &str = "bindings/wasm";

/// The modules of the package: the crate's artifact, the name of its JavaScript.
const MODULES: [(&str, &str); 2] = [("jihe_wasm", "jihe_native"), ("jihe_wasm_files", "jihe_files")];

/// Compiles, generates the JavaScript, and lays out the package.
pub(crate) fn build(_tally: &mut Tally) -> Outcome {
    let target = shell::root().join("target/wasm");
    run(toolchain::cargo_build(FOLDER)?.arg("--workspace").arg("--target-dir").arg(&target))?;
    let package = shell::root().join("target/npm");
    if package.exists() {
        fs::remove_dir_all(&package)
            .map_err(|error| format!("cannot empty {}: {error}", package.display()))?;
    }
    copy_folder(&shell::root().join(FOLDER).join("js"), &package)?;
    let bindgen_target = shell::root().join("target/bindgen");
    let mut bindgen = shell::cargo("xtask/bindgen", &["run", "--quiet", "--target-dir"]);
    bindgen.arg(bindgen_target).arg("--").arg(package.join("native"));
    for (artifact, name) in MODULES {
        let module = target.join("wasm32-unknown-unknown/release").join(artifact).with_extension("wasm");
        bindgen.arg(name).arg(module);
    }
    run(&mut bindgen)?;
    install_tools()?;
    for (_, name) in MODULES {
        make_small(&package.join(format!("native/{name}_bg.wasm")))?;
    }
    write_explain_pages(&package.join("native/explain-pages.js"))?;
    copy_licences(&package)?;
    for (_, name) in MODULES {
        report_size(name, &package.join(format!("native/{name}_bg.wasm")));
    }
    Ok(())
}

/// What `wasm-opt` does to a module. The compiler has made the code small; this makes it alike: functions by name, so that
/// what was generated for similar types stands together, and locals by use, which suits gzip (benches/wasm/README.md).
const SMALLER: [&str; 11] = [
    "--vacuum",
    "--remove-unused-brs",
    "--remove-unused-names",
    "--merge-blocks",
    "--rse",
    "--duplicate-function-elimination",
    "--vacuum",
    "--reorder-locals",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
];

fn make_small(module: &Path) -> Outcome {
    let program = "node_modules/binaryen/bin/wasm-opt";
    run(shell::command("node", FOLDER).arg(program).arg(module).args(SMALLER).arg("-o").arg(module))
}

/// The pages of the diagnostic codes as a module of their own, which only a page that explains them loads.
fn write_explain_pages(to: &Path) -> Outcome {
    let folder = shell::root().join("crates/jihe-diagnostics/explain");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut pages = serde_json::Map::new();
    for entry in fs::read_dir(&folder).map_err(failed)?.filter_map(Result::ok) {
        let path = entry.path();
        let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        pages.insert(code, fs::read_to_string(&path).map_err(failed)?.into());
    }
    let text = format!("export const PAGES = {};\n", serde_json::Value::Object(pages));
    fs::write(to, text).map_err(|error| format!("{}: {error}", to.display()))
}

/// The package in Node, and its types under TypeScript's strictest reading.
pub(crate) fn node_tests(tally: &mut Tally) -> Outcome {
    install_package()?;
    let types = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"];
    run(shell::command("node", FOLDER)
        .arg("node_modules/typescript/bin/tsc")
        .args(types)
        .arg("tests/types.ts"))?;
    let example = "examples/three-rules";
    let install = ["install", "--silent", "--no-package-lock", "--no-audit", "--no-fund"];
    run(shell::command("npm", example).args(install))?;
    shell::prints_as_expected(shell::command("node", example).arg("audit.mjs"), example)?;
    let tests = ["tests/node.test.mjs", "tests/files.test.mjs", "tests/memory.test.mjs"];
    run_tests(shell::command("node", FOLDER).arg("--test").args(tests), tally)
}

/// The package in a page of a headless Chromium.
pub(crate) fn chromium_tests(tally: &mut Tally) -> Outcome {
    install_package()?;
    let chromium =
        setup::chromium().ok_or("no Chromium; install Debian's package chromium or set JIHE_CHROMIUM")?;
    run_tests(
        shell::command("node", FOLDER)
            .args(["--test", "tests/chromium.test.mjs"])
            .env("JIHE_CHROMIUM", chromium),
        tally,
    )
}

/// Writes `bindings/wasm/js/wire.d.ts` from the Rust types; a test of `crates/jihe` tells when that is due.
pub(crate) fn write_types() -> Outcome {
    let words = ["test", "--quiet", "-p", "jihe", "--lib", "--", "--ignored", "write_the_types"];
    run(&mut shell::cargo("", &words))
}

/// Packs `target/npm` and installs the tarball, with the tools of the tests, into `bindings/wasm/node_modules`.
fn install_package() -> Outcome {
    let package = shell::root().join("target/npm");
    if !package.join("native/jihe_native_bg.wasm").exists() {
        return Err("target/npm is not built; run `cargo xtask wasm` first".to_owned());
    }
    let tarballs = shell::root().join("target");
    let words = ["pack", "--silent", "--pack-destination"];
    let packed = shell::output(shell::command("npm", "target/npm").args(words).arg(&tarballs));
    let name = packed.ok_or("`npm pack` failed in target/npm")?;
    install_tools()?;
    run(shell::command("npm", FOLDER)
        .args(["install", "--silent", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"])
        .arg(tarballs.join(name.trim())))
}

/// What builds and tests the package, of the versions in `package-lock.json`.
fn install_tools() -> Outcome {
    run(shell::command("npm", FOLDER).args(["ci", "--silent", "--no-audit", "--no-fund"]))
}

fn copy_folder(from: &Path, to: &Path) -> Outcome {
    let failed =
        |error: std::io::Error| format!("cannot copy {} to {}: {error}", from.display(), to.display());
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)?.filter_map(Result::ok) {
        fs::copy(entry.path(), to.join(entry.file_name())).map_err(failed)?;
    }
    Ok(())
}

fn copy_licences(package: &Path) -> Outcome {
    ["LICENSE-APACHE", "LICENSE-MIT"].iter().try_for_each(|name| {
        let copied = fs::copy(shell::root().join(name), package.join(name));
        copied.map(drop).map_err(|error| format!("cannot copy {name}: {error}"))
    })
}

/// Bytes over the wire are what a hospital's page pays for, so every build says them.
fn report_size(name: &str, module: &PathBuf) {
    let raw = fs::metadata(module).map_or(0, |metadata| metadata.len());
    let script = "const z=require('zlib'),f=require('fs');\
                  console.log(z.gzipSync(f.readFileSync(process.argv[1]),{level:9}).length)";
    let gzip = shell::output(shell::command("node", "").args(["-e", script]).arg(module));
    println!("{name}: {raw} bytes, {} gzipped", gzip.as_deref().map_or("unknown", str::trim));
}
