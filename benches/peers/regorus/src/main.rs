//! Regorus on line rules, one claim at a time.
//!
//! In: a policy file, then on standard input one claim a line as JSON. Out: on standard output one line a claim: nanoseconds,
//! a tab, and the hits as JSON; the first pass over the claims is not printed, so that caches are warm.
//! Invariant: the policy is compiled once; reading the claim and evaluating it are both timed.

use std::error::Error;
use std::io::BufRead;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let policy = std::env::args().nth(1).ok_or("usage: jihe-peers-regorus POLICY < CLAIMS")?;
    let mut engine = regorus::Engine::new();
    engine.add_policy("rules.rego".to_owned(), std::fs::read_to_string(policy)?)?;
    let claims: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    for print in [false, true] {
        for claim in &claims {
            let start = Instant::now();
            engine.set_input_json(claim)?;
            let hits = engine.eval_rule("data.rules.hit".to_owned())?.to_json_str()?;
            let nanoseconds = start.elapsed().as_nanos();
            if print {
                println!("{nanoseconds}\t{}", hits.replace('\n', " "));
            }
        }
    }
    Ok(())
}
