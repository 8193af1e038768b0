//! Randomness from the operating system.

/// Fills an array. Without a source of randomness nothing here may go on: tokens would be guessable.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A number to spread things with.
pub(crate) fn number() -> u32 {
    u32::from_be_bytes(bytes())
}
