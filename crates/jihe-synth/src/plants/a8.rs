//! A8 入院时间集中: 20 admissions or more on a day, above the mean of the 90 days before plus three deviations.
//!
//! In: a city. Out: hospitals with a history of quiet days and peaks, and one day that counts.
//! Invariant: discharges spread over the days after and amounts differ, so that A9 and A10 stay silent.

use super::wards::{brief_stay, subject};
use crate::calendar::{Day, day};
use crate::city::City;
use crate::people::Institution;

const BURST: Day = day(2024, 9, 10);
/// Days before the burst on which 19 came: nine inside the window of 90 days.
const PEAKS: [i64; 9] = [81, 72, 63, 54, 45, 36, 27, 18, 9];

/// Cases of A8.
pub(super) fn plant(city: &mut City<'_>) {
    enough_admissions(city);
    enough_history(city);
    deviations_and_window(city);
}

/// So many admissions on the day so many days before the burst.
fn admit(city: &mut City<'_>, hospital: &Institution, before: i64, count: i64) {
    for number in 0..count {
        brief_stay(city, hospital, BURST.plus(-before), (number, number % 4 + 1));
    }
}

fn found(city: &mut City<'_>, hospital: &Institution) {
    city.finding("A8", subject(hospital, BURST), None);
}

fn near(city: &mut City<'_>, hospital: &Institution, why: &str) {
    city.near_miss("A8", subject(hospital, BURST), why);
}

fn enough_admissions(city: &mut City<'_>) {
    for count in [20, 19] {
        let hospital = city.hospital();
        admit(city, &hospital, 60, 1);
        admit(city, &hospital, 0, count);
        if count < 20 {
            near(city, &hospital, "一日19人次");
        } else {
            found(city, &hospital);
        }
    }
}

fn enough_history(city: &mut City<'_>) {
    for days in [30, 29] {
        let hospital = city.hospital();
        admit(city, &hospital, days, 1);
        admit(city, &hospital, 0, 20);
        if days < 30 {
            near(city, &hospital, "此前只有29天");
        } else {
            found(city, &hospital);
        }
    }
}

/// With a tenth peak on day 90 the bound is 20.13, without it 19.21: the test below does the sum.
fn deviations_and_window(city: &mut City<'_>) {
    for oldest in [91, 90] {
        let hospital = city.hospital();
        admit(city, &hospital, oldest, 19);
        for before in PEAKS {
            admit(city, &hospital, before, 19);
        }
        admit(city, &hospital, 0, 20);
        if oldest > 90 {
            found(city, &hospital);
        } else {
            near(city, &hospital, "20人次，此前90天的平均加三倍标准差为20.13");
        }
    }
}

#[cfg(test)]
mod tests {
    /// Whether a count lies above mean + times × deviation of so many days with so many peaks of 19, by integers alone.
    fn is_above(count: i64, days: i64, peaks: i64, times: i64) -> bool {
        let (sum, squares) = (19 * peaks, 361 * peaks);
        let distance = count * days - sum;
        distance > 0 && distance * distance * (days - 1) > times * times * days * (days * squares - sum * sum)
    }

    #[test]
    fn one_step_of_any_threshold_changes_a_case() {
        assert!(is_above(20, 90, 9, 3), "the planted day");
        assert!(!is_above(20, 90, 10, 3), "the near miss");
        assert!(is_above(20, 89, 9, 3), "a window of 89 days makes the near miss a finding");
        assert!(!is_above(20, 91, 10, 3), "a window of 91 days loses the planted day");
        assert!(!is_above(20, 90, 9, 4) && is_above(20, 90, 10, 2), "two or four deviations");
    }
}
