//! Line icons on a 24 px grid, drawn in the colour of the text. Each stands beside words, so it has no name of its own
//! for a screen reader.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Cloud,
    CloudCheck,
    CloudOff,
    Sync,
    Device,
    Alert,
    Split,
    Person,
    Plus,
    Pencil,
    Notes,
    Calendar,
    Trash,
    Close,
    Check,
    Chevron,
    Inbox,
    Sun,
    List,
    Label,
    Search,
    CheckCircle,
    Sliders,
    Menu,
    Panel,
    Keyboard,
    Board,
    More,
    Repeat,
    Flag,
    Folder,
    Move,
    Palette,
    Archive,
    SubTasks,
    Up,
    Start,
    NewFolder,
    Star,
    Phone,
    History,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Phone => "M7.5 3.5h9v17h-9ZM11 17.5h2",
            Self::History => "M5 12a7 7 0 1 0 2.2-5.1M5 4.5v3.7h3.7M12 8.5V12l2.5 1.8",
            Self::Star => "M12 4l2.4 5.1 5.6.7-4.1 3.9 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.8l5.6-.7Z",
            Self::Cloud => "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.52A3.75 3.75 0 0 1 17.5 18.5Z",
            Self::CloudCheck => {
                "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.52A3.75 3.75 0 0 1 17.5 18.5ZM9.2 13.2l2.1 2.1 3.7-4"
            }
            Self::CloudOff => {
                "M4 4l16 16M9.2 6.1a6 6 0 0 1 8.7 4.95 3.75 3.75 0 0 1 2.2 6.1M16.5 18.5H7a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 .5-.95"
            }
            Self::Sync => {
                "M19.5 12a7.5 7.5 0 0 1-13.2 4.9M4.5 12a7.5 7.5 0 0 1 13.2-4.9M18 3.5v4h-4M6 20.5v-4h4"
            }
            Self::Device => "M4.5 5.5h15v10.5h-15ZM2.5 19h19",
            Self::Alert => "M12 4 2.8 19.5h18.4ZM12 10v4.2M12 16.9v.1",
            Self::Split => {
                "M12 21v-6.5M12 14.5c0-4-6-3.5-6-9M12 14.5c0-4 6-3.5 6-9M3.5 8 6 5.5 8.5 8M15.5 8 18 5.5 20.5 8"
            }
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Pencil => "M4.5 19.5 5.5 15.5 16 5l3 3L8.5 18.5Z",
            Self::Notes => "M5 7h14M5 12h14M5 17h8",
            Self::Calendar => "M4.5 6.5h15v13h-15ZM4.5 10.5h15M8.5 4v4M15.5 4v4",
            Self::Trash => "M5 7h14M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.3 10.5v5.5M13.7 10.5v5.5",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Chevron => "M7 10l5 5 5-5",
            Self::Inbox => "M4 13.5 6.5 5h11L20 13.5V19H4ZM4 13.5h4.5l1.5 2.5h4l1.5-2.5H20",
            Self::Sun => {
                "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.8v2M12 19.2v2M2.8 12h2M19.2 12h2M5.5 5.5l1.4 1.4M17.1 17.1l1.4 1.4M5.5 18.5l1.4-1.4M17.1 6.9l1.4-1.4"
            }
            Self::List => "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1",
            Self::Label => "M4 4.5h7.5l8.5 8.5-7 7L4.5 12ZM8.3 8.3h.1",
            Self::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20.5 20.5",
            Self::CheckCircle => "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM8.2 12.3l2.6 2.6 5-5.4",
            Self::Sliders => "M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9M15 5.5v4M9 14.5v4",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Panel => "M4 5h16v14H4ZM9.5 5v14",
            Self::NewFolder => "M3.5 18.5v-12h6l2 2.5h9v9.5ZM12 11.500v4.500M9.750 13.750h4.500",
            Self::Start => "M4 6v12M8 12h11M14.500 7.500 19 12l-4.500 4.500",
            Self::Up => "M7 14l5-5 5 5",
            Self::Board => "M4 5h5v14H4ZM10.5 5h4v9h-4ZM16 5h4v12h-4Z",
            Self::More => "M5.5 12h.1M12 12h.1M18.5 12h.1",
            Self::Repeat => {
                "M17 3.5l3 3-3 3M4 11.5v-1a4 4 0 0 1 4-4h12M7 20.5l-3-3 3-3M20 12.5v1a4 4 0 0 1-4 4H4"
            }
            Self::Flag => "M5.5 21V4.5h12l-2.5 4 2.5 4h-12",
            Self::Folder => "M3.5 18.5v-12h6l2 2.5h9v9.5Z",
            Self::Move => "M4 12h15M13.5 6.5 19 12l-5.5 5.5",
            Self::Palette => {
                "M12 20.5a8.5 8.5 0 1 1 8.5-8.5c0 3.4-4 2.600-5 3.600s.8 4.900-3.500 4.900ZM8 10h.1M12 7.500h.1M16 10h.1"
            }
            Self::Archive => "M4 5h16v4H4ZM5.500 9v10h13V9M10 13h4",
            Self::SubTasks => "M5 5v9a3 3 0 0 0 3 3h3M5 9.500h6M14 9.500h6M14 17h6",
            Self::Keyboard => "M3 7h18v11H3ZM6.5 10.5h.1M10 10.5h.1M13.5 10.5h.1M17 10.5h.1M8 14.5h8",
        }
    }

    /// Whether the icon points along the line of text, so that it is mirrored in scripts that are written from right to
    /// left.
    fn is_directed(self) -> bool {
        matches!(self, Self::Move | Self::Panel)
    }

    #[must_use]
    pub fn draw(self) -> impl IntoView {
        view! {
            <svg class="icon" class:icon--directed=self.is_directed() viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <path d=self.path() />
            </svg>
        }
    }
}
