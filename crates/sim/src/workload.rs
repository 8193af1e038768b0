//! To come.
pub fn report() -> bool {
    true
}
