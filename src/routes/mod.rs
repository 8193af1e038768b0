//! The screens, each put together from components.
