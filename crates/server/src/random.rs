//! Randomness from the operating system.

/// Fills an array. Without a source of randomness the server must not go on, because tokens could be guessed.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A number that spreads waits.
pub(crate) fn number() -> u32 {
    u32::from_be_bytes(bytes())
}
