//! The rights of a user in a workspace.

/// The rights of a user in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Owner,
    Editor,
    Viewer,
}

impl Role {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Editor => "editor",
            Self::Viewer => "viewer",
        }
    }

    #[must_use]
    pub fn may_write(self) -> bool {
        match self {
            Self::Owner | Self::Editor => true,
            Self::Viewer => false,
        }
    }

    /// The role with this name, as it is stored.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Owner, Self::Editor, Self::Viewer]
            .into_iter()
            .find(|role| role.as_str() == name)
    }
}
