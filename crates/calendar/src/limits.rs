//! The limits of dates and rules. `tsugi_sync::limits` names them again, beside all others.

/// Bytes of a time zone's name.
pub const ZONE_BYTES: usize = 64;
/// Bytes of a recurrence's rule.
pub const RULE_BYTES: usize = 400;
/// The largest interval of a recurrence, and the largest count.
pub const RULE_NUMBER: u16 = 999;
