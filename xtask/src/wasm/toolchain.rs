//! Finds a compiler for `wasm32-unknown-unknown`.
//!
//! In: the machine. Out: a `cargo build` command for the wasm target, or what to install.
//! Invariant: the installed target is preferred, then Debian's toolchain, then rustup's download.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Outcome};

/// Debian's Rust that can build its own standard library, for machines where rustup can fetch nothing.
pub(crate) const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Whether a build for wasm can start without installing anything.
pub(crate) fn available() -> bool {
    target_is_installed() || debian_can_build()
}

/// `cargo build --release` for wasm in `folder`.
pub(crate) fn cargo_build(folder: &str) -> Result<Command, String> {
    if !target_is_installed() && debian_can_build() {
        return debian_build(folder);
    }
    if !target_is_installed() {
        add_target(folder)?;
    }
    Ok(shell::cargo(folder, &["build", "--quiet", "--release", "--target", TARGET]))
}

/// Lets rustup download the target for the toolchain in use in `folder`.
pub(crate) fn add_target(folder: &str) -> Outcome {
    shell::run(shell::command("rustup", folder).args(["target", "add", TARGET])).map_err(|reason| {
        format!("{reason}; on Debian, `apt-get install {}` serves instead", DEBIAN_PACKAGES.join(" "))
    })
}

fn target_is_installed() -> bool {
    sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn sysroot() -> Option<PathBuf> {
    let printed = shell::output(shell::command("rustc", "").args(["--print", "sysroot"]))?;
    Some(PathBuf::from(printed.trim()))
}

fn debian_can_build() -> bool {
    let source = shell::output(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]))
        .map(|sysroot| Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std"));
    Path::new(DEBIAN_CARGO).exists() && source.is_some_and(|source| source.is_dir()) && linker().is_some()
}

/// A library that is built here is built small: no text of a panic is kept, which nobody in a page would read.
const SMALL: [&str; 5] = [
    "-Z",
    "build-std-features=optimize_for_size",
    "-Z",
    "panic-immediate-abort",
    "--config=profile.release.panic=\"immediate-abort\"",
];

/// The standard library is compiled from Debian's source, which only a compiler told to act as a nightly does.
fn debian_build(folder: &str) -> Result<Command, String> {
    let linker = linker().ok_or("no linker for wasm; install Debian's package lld-19")?;
    let mut command = shell::command(DEBIAN_CARGO, folder);
    command
        .args(["build", "--quiet", "--release", "-Z", "build-std=std,panic_abort", "--target", TARGET])
        .args(SMALL)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", DEBIAN_RUSTC)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    // The `cargo` that started this program names its own toolchain; Debian's must not follow it.
    for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTDOC"] {
        command.env_remove(name);
    }
    Ok(command)
}

/// rustup's `rust-lld`, or LLVM's own under Debian's names.
fn linker() -> Option<PathBuf> {
    let bundled = sysroot().and_then(|sysroot| {
        let host = shell::output(Command::new("rustc").arg("-vV"))?;
        let host = host.lines().find_map(|line| line.strip_prefix("host: "))?.to_owned();
        Some(sysroot.join("lib/rustlib").join(host).join("bin/rust-lld"))
    });
    let debian = ["/usr/bin/wasm-ld-22", "/usr/bin/wasm-ld-19", "/usr/bin/wasm-ld"].map(PathBuf::from);
    bundled.into_iter().chain(debian).find(|path| path.exists())
}
