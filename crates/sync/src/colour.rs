//! Colours of lists and labels, by name. The style sheets decide how each looks in light and in dark.

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
    /// None if the entity has no colour, or one of a later version. Then it is shown in the neutral colour, and the
    /// value is kept as it is.
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
