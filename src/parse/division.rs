//! Exact division by a number that is known only when a file is read.

/// Divides multiples of a divisor. For odd divisors a multiplication by the inverse modulo 2⁶⁴ does it; factors of two are
/// rotated out. What is not a multiple gives a result above every quotient there can be, so that one comparison with an upper
/// bound tells both "not a multiple" and "too large".
#[derive(Clone, Copy, Debug)]
pub(super) struct ExactDivision {
    inverse: u64,
    twos: u32,
}

impl ExactDivision {
    /// Division by `divisor`, which is at least 1.
    pub(super) fn by(divisor: u64) -> Self {
        let twos = divisor.trailing_zeros() % u64::BITS;
        let odd = divisor >> twos;
        // Newton's iteration: each step doubles the number of right bits, 3 to begin with.
        let step = |inverse: u64, _| inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        Self {
            inverse: (0..5).fold(odd, step),
            twos,
        }
    }

    /// The quotient of `value`, if `value` is a multiple of the divisor and the quotient is below `limit`. `limit` times the
    /// divisor must fit 64 bits.
    #[inline]
    pub(super) fn below(self, value: u64, limit: u64) -> Option<u64> {
        let quotient = value.wrapping_mul(self.inverse).rotate_right(self.twos);
        (quotient < limit).then_some(quotient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_division() {
        for divisor in 1..=64 {
            let division = ExactDivision::by(divisor);
            let limit = u64::from(u32::MAX);
            let near_limit = (limit - 2) * divisor..(limit + 2) * divisor;
            for value in (0..10_000).chain(near_limit).chain(u64::MAX - 1000..=u64::MAX) {
                let expected = (value % divisor == 0 && value / divisor < limit).then_some(value / divisor);
                assert_eq!(division.below(value, limit), expected, "{value} / {divisor}");
            }
        }
    }
}
