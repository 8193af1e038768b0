//! One pass over a message's text before anything is read from it. It counts the values, and finds everything that no
//! message may have.
//!
//! Both encodings pass through here, so the same rules hold for both: the nesting, the number of values, no member
//! twice in one object, no fraction, no integer beyond 63 bits. The pass keeps only the names in the objects that are
//! open.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::Work;
use crate::limits;
use crate::protocol::FrameError;

/// The type of a message, if its text is one that a message may have, with at most `most_values` values. `work` gets
/// what that took.
pub(crate) fn scan<'de>(
    text: &'de str,
    most_values: usize,
    work: &mut Work,
) -> Result<Cow<'de, str>, FrameError> {
    work.text = text.len();
    if text.len() > limits::FRAME_BYTES {
        return Err(FrameError::TooLarge(text.len()));
    }
    let mut scan = Scan {
        values: 0,
        most_values,
        names: Vec::new(),
        kind: None,
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let root = Node {
        scan: &mut scan,
        above: 0,
    };
    let scanned = root
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    work.values = work.values.max(scan.values);
    match scanned {
        Ok(()) => scan
            .kind
            .ok_or_else(|| FrameError::Malformed("an object without a `type`".into())),
        Err(_) if scan.values > most_values => Err(FrameError::TooManyValues),
        Err(error) => Err(FrameError::Malformed(error.to_string())),
    }
}

struct Scan<'de> {
    values: usize,
    most_values: usize,
    /// The names in the objects that are open, those of the innermost last.
    names: Vec<Cow<'de, str>>,
    /// The value of `type` in the outermost object.
    kind: Option<Cow<'de, str>>,
}

/// One value, and the number of lists and objects around it.
struct Node<'s, 'de> {
    scan: &'s mut Scan<'de>,
    above: usize,
}

/// A text, borrowed from the message if it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> DeserializeSeed<'de> for Node<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.scan.values += 1;
        if self.scan.values > self.scan.most_values {
            return Err(D::Error::custom("too many values"));
        }
        if self.above >= limits::FRAME_DEPTH {
            return Err(D::Error::custom("nested too deeply"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a boolean, an integer of 63 bits, a string, a list or an object")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        match i64::try_from(number) {
            Ok(_) => Ok(()),
            Err(_) => Err(E::custom("an integer beyond 63 bits")),
        }
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let above = self.above + 1;
        while items
            .next_element_seed(Node {
                scan: &mut *self.scan,
                above,
            })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let first = self.scan.names.len();
        while let Some(Text(name)) = members.next_key()? {
            if self.above == 0 && name == "type" {
                let Text(kind) = members.next_value()?;
                self.scan.values += 1;
                self.scan.kind = Some(kind);
            } else {
                members.next_value_seed(Node {
                    scan: &mut *self.scan,
                    above: self.above + 1,
                })?;
            }
            self.scan.names.push(name);
        }
        let names = &mut self.scan.names[first..];
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(A::Error::custom(format_args!(
                "the member `{}` comes twice",
                pair[0]
            )));
        }
        self.scan.names.truncate(first);
        Ok(())
    }
}
