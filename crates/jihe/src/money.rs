//! Amounts as text.
//!
//! In: ten-thousandths of a yuan. Out: decimals.
//! Invariant: files carry four decimals exactly; people read two, `HALF_UP` (contract 4).

/// Four decimals: `4.0000`.
pub fn exact(amount: i128) -> String {
    decimals(amount, 10_000, 4)
}

/// Two decimals, `HALF_UP`: `4.00`.
pub fn shown(amount: i128) -> String {
    let sign = amount.signum();
    let cents = amount.abs().saturating_add(50).div_euclid(100);
    decimals(cents.saturating_mul(sign), 100, 2)
}

fn decimals(amount: i128, unit: i128, width: usize) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let magnitude = amount.saturating_abs();
    format!("{sign}{}.{:0width$}", magnitude.div_euclid(unit), magnitude.rem_euclid(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_exactly_and_shown_half_up() {
        assert_eq!(exact(40_000), "4.0000");
        assert_eq!(exact(-5), "-0.0005");
        assert_eq!(shown(40_050), "4.01");
        assert_eq!(shown(40_049), "4.00");
        assert_eq!(shown(-40_050), "-4.01");
    }
}
