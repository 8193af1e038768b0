//! Colours of lists and labels, by name: what each looks like, in light and in dark, is the style's business.

use crate::value::Value;

macro_rules! colours {
    ($($variant:ident = $text:literal,)+) => {
        /// A colour that a list or label may have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Colour {
            $($variant,)+
        }

        impl Colour {
            /// In the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

colours! {
    Red = "red",
    Orange = "orange",
    Yellow = "yellow",
    Green = "green",
    Teal = "teal",
    Blue = "blue",
    Purple = "purple",
    Pink = "pink",
    Brown = "brown",
    Grey = "grey",
}

impl Colour {
    /// None where there is none, or one from a later version: shown in the neutral one, and kept as it is.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let name = value.as_text()?;
        Self::ALL.iter().copied().find(|colour| colour.as_str() == name)
    }
}

impl From<Colour> for Value {
    fn from(colour: Colour) -> Self {
        Self::text(colour.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_read_as_it_is_written_and_a_later_one_is_none() {
        for colour in Colour::ALL {
            assert_eq!(Colour::read(&(*colour).into()), Some(*colour));
        }
        for value in ["ultraviolet".into(), Value::Null, Value::Int(3)] {
            assert_eq!(Colour::read(&value), None);
        }
    }
}
