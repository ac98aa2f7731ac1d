//! Runs other programs and says which one failed.
//!
//! In: a command. Out: `Ok`, or a sentence naming the command and its exit.
//! Invariant: every command runs in a folder given explicitly; the caller's own folder does not matter.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::tally::Tally;

/// What a task comes to: nothing to say, or the reason it failed.
pub(crate) type Outcome = Result<(), String>;

/// The repository's root folder.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// A command that will run in `folder` (relative to the root).
pub(crate) fn command(program: impl AsRef<OsStr>, folder: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root().join(folder));
    command
}

/// `cargo WORDS` in `folder`, with the cargo that runs this program.
pub(crate) fn cargo(folder: &str, words: &[&str]) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), folder);
    command.args(words);
    command
}

/// Shows the command, runs it to its end and fails if it failed.
pub(crate) fn run(command: &mut Command) -> Outcome {
    println!("$ {}", words(command));
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", words(command))) }
}

/// Like `run`, and counts the tests its output says it ran; a runner that ran no test has failed.
pub(crate) fn run_tests(command: &mut Command, tally: &mut Tally) -> Outcome {
    println!("$ {}", words(command));
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, &error))?;
    let before = tally.ran();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            tally.read(&line);
        }
    }
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    if !status.success() {
        return Err(format!("`{}` ended with {status}", words(command)));
    }
    if tally.ran() == before {
        return Err(format!("`{}` ran no test", words(command)));
    }
    Ok(())
}

/// What the command prints, if it succeeds; its own complaints stay unseen.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    if output.status.success() { String::from_utf8(output.stdout).ok() } else { None }
}

/// Whether the command can be started and succeeds.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_some()
}

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` cannot be run: {error}", words(command))
}

/// Runs an example and compares what it prints with its `expected.txt`.
pub(crate) fn prints_as_expected(command: &mut Command, folder: &str) -> Outcome {
    let path = root().join(folder).join("expected.txt");
    let expected = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let found = output(command).ok_or_else(|| format!("an example of {folder} failed"))?;
    if found.trim() == expected.trim() {
        println!("{folder}: as expected");
        return Ok(());
    }
    Err(format!("an example of {folder} printed\n{found}\ninstead of\n{expected}"))
}
