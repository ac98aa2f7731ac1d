//! Sees to it that the machine has what the tests need.
//!
//! In: the machine. Out: `Ok` when every tool answers, or the name of what is missing and how to get it.
//! Invariant: installs Debian packages only, and only those whose tool is absent; never leaves a tool out.

use std::process::Command;

use crate::shell::{self, Outcome};
use crate::tally::Tally;
use crate::wasm::toolchain;

/// A tool the tests call, how to see that it works, and the Debian packages that bring it.
struct Tool {
    name: &'static str,
    works: fn() -> bool,
    packages: &'static [&'static str],
}

const TOOLS: &[Tool] = &[
    Tool { name: "a C linker", works: || answers("cc", "--version"), packages: &["build-essential"] },
    Tool { name: "git", works: || answers("git", "--version"), packages: &["git"] },
    Tool { name: "Python 3 with venv", works: python_works, packages: &["python3", "python3-venv"] },
    Tool { name: "Node.js", works: || answers("node", "--version"), packages: &["nodejs"] },
    Tool { name: "npm", works: || answers("npm", "--version"), packages: &["npm"] },
    Tool { name: "Chromium", works: || chromium().is_some(), packages: &["chromium"] },
    Tool { name: "Java 17, for Spark", works: java_works, packages: &["openjdk-17-jre-headless"] },
    Tool { name: "PostgreSQL's server", works: postgres_works, packages: &["postgresql"] },
    Tool { name: "a wasm toolchain", works: toolchain::available, packages: toolchain::DEBIAN_PACKAGES },
];

/// Components of the Rust toolchain, which no Debian package brings.
const COMPONENTS: &[(&str, &str)] = &[("fmt", "rustfmt"), ("clippy", "clippy")];

/// Installs what is missing.
pub(crate) fn install(_tally: &mut Tally) -> Outcome {
    for (word, component) in COMPONENTS {
        if !shell::succeeds(&mut shell::cargo("", &[word, "--version"])) {
            shell::run(shell::command("rustup", "").args(["component", "add", component]))?;
        }
    }
    // Where no Debian package can be installed, rustup's download may still serve.
    if apt_get().is_none() && !toolchain::available() {
        toolchain::add_target("")?;
    }
    let missing: Vec<&Tool> = TOOLS.iter().filter(|tool| !(tool.works)()).collect();
    if missing.is_empty() {
        println!("every tool is here");
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|tool| tool.packages.iter().copied()).collect();
    let by_hand = |reason: String| format!("{reason}; install by hand: {}", packages.join(" "));
    let command = || apt_get().ok_or_else(|| by_hand("only root or sudo may install".to_owned()));
    shell::run(command()?.arg("update")).map_err(by_hand)?;
    shell::run(command()?.args(["install", "--yes", "--no-install-recommends"]).args(&packages))
        .map_err(by_hand)?;
    match missing.iter().find(|tool| !(tool.works)()) {
        None => Ok(()),
        Some(tool) => Err(format!("{} still does not work after installing {:?}", tool.name, tool.packages)),
    }
}

/// The Chromium the browser tests drive: `JIHE_CHROMIUM`, or one of the usual names.
pub(crate) fn chromium() -> Option<String> {
    let chosen = std::env::var("JIHE_CHROMIUM").ok();
    let usual = ["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"].map(String::from);
    chosen.into_iter().chain(usual).find(|program| answers(program, "--version"))
}

/// `apt-get`, if there is one and we may use it: as root, or through a sudo that asks for no password.
fn apt_get() -> Option<Command> {
    if !answers("apt-get", "--version") {
        return None;
    }
    let is_root = shell::output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let mut command = if is_root {
        shell::command("apt-get", "")
    } else if shell::succeeds(Command::new("sudo").args(["-n", "true"])) {
        let mut command = shell::command("sudo", "");
        command.args(["-n", "apt-get"]);
        command
    } else {
        return None;
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
    Some(command)
}

fn answers(program: &str, word: &str) -> bool {
    shell::succeeds(Command::new(program).arg(word))
}

/// Spark 4 runs on Java 17 and later.
fn java_works() -> bool {
    let told = shell::output(Command::new("java").arg("--version")).unwrap_or_default();
    let major = told.split(|letter: char| !letter.is_ascii_digit()).find(|word| !word.is_empty());
    major.and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major >= 17)
}

/// Debian keeps the server's programs out of the search path.
fn postgres_works() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    answers("initdb", "--version")
        || versions.map(|entry| entry.path().join("bin/initdb")).any(|path| path.exists())
}

fn python_works() -> bool {
    shell::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]))
}
