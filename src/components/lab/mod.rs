//! The conflict lab: the two devices with their controls, the picture between them, and what plays it. The rules are in
//! `crates/lab`.

pub mod controls;
pub mod device;
pub mod diagram;
pub mod playback;
pub mod rows;
