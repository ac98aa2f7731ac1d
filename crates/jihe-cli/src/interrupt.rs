//! What happens on Ctrl-C, SIGTERM and a closed terminal.
//!
//! In: folders that would be left behind. Out: they are removed, and the process ends with 130.
//! Invariant: the handler runs on a thread of its own, not inside the signal, so it may touch files.
#![expect(clippy::exit, reason = "a run that is broken off ends at once")]

use crate::outcome::Failure;
use jihe_io::Cleanup;

/// The exit code of a process that was broken off by hand.
const BROKEN_OFF: i32 = 130;

/// Removes the folders when the run is broken off.
pub(crate) fn remove_when_broken_off(cleanup: Cleanup) -> Result<(), Failure> {
    let done = ctrlc::set_handler(move || {
        cleanup.remove_all();
        std::process::exit(BROKEN_OFF);
    });
    done.map_err(|error| {
        Failure::unreadable(
            format!("不能处理中断信号：{error}"),
            format!("cannot handle the signal of an interruption: {error}"),
        )
    })
}
