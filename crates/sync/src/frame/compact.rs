//! The compact encoding: a message as CBOR (RFC 8949), with ids as 16 bytes and the words of the protocol as numbers.
//! It can hold exactly what JSON text can hold. So each is turned into the other without knowledge of the messages.

use uuid::Uuid;

use super::Work;
use crate::limits;
use crate::protocol::FrameError;
use crate::value::{Value, written};

/// The words that have a number, which is their place here. The first 24 take one byte as keys. The list never
/// changes: more words would make another encoding.
pub const WORDS: &[&str] = &[
    // Keys of frequent messages.
    "type",
    "from",
    "to",
    "entities",
    "outcomes",
    "at",
    "mark",
    "id",
    "kind",
    "fields",
    "seq",
    "fate",
    "revision",
    "set",
    "base",
    "entity",
    "mutations",
    "workspace",
    "epoch",
    "title",
    "completed",
    "due",
    "position",
    "notes",
    // Other keys.
    "created",
    "deleted",
    "list",
    "section",
    "parent",
    "labels",
    "priority",
    "start",
    "recurrence",
    "assignee",
    "name",
    "tick",
    "since",
    "group",
    "origin",
    "replica",
    "current",
    "by",
    "others",
    "user",
    "device",
    "cursor",
    "vector",
    "last",
    "heads",
    "code",
    "message",
    "retry_after_ms",
    "state",
    "subject",
    "local",
    "remote",
    "result",
    "rules",
    "local_author",
    "remote_author",
    "versions",
    "token",
    "app",
    "encodings",
    "compressions",
    "version",
    "session",
    "time",
    "token_expires",
    "idle_timeout_ms",
    "encoding",
    "compression",
    // Values.
    "delta",
    "push",
    "ping",
    "pong",
    "accepted",
    "conflict",
    "refused",
    "task",
    "comment",
    "open",
    "resolved",
    "merged",
    "subscribed",
    "snapshot",
    "error",
    "pull",
    "hello",
    "subscribe",
    "welcome",
    "auth",
    // Kinds and fields of a whole task app.
    "folder",
    "label",
    "filter",
    "series",
    "colour",
    "archived",
    "text",
    "author",
    "query",
];

// Major types of CBOR, in place.
const UNSIGNED: u8 = 0 << 5;
const NEGATIVE: u8 = 1 << 5;
const BYTES: u8 = 2 << 5;
const TEXT: u8 = 3 << 5;
const LIST: u8 = 4 << 5;
const MAP: u8 = 5 << 5;
const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;
const NULL: u8 = 0xf6;

/// The compact form of a message's text; none if the text is not a message.
pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_str(text).ok()?;
    let mut bytes = Vec::with_capacity(text.len() / 2);
    write(&value, &mut bytes);
    Some(bytes)
}

/// The text of a compact message. It stops if there are more values than `most_values`, if they are nested too deeply,
/// or if the text becomes larger than a frame. It adds to `work` how far it came. `scan` finds other faults of the
/// text.
pub(super) fn decode(bytes: &[u8], most_values: usize, work: &mut Work) -> Result<String, FrameError> {
    let mut reader = Reader {
        rest: bytes,
        text: Vec::with_capacity(2 * bytes.len()),
        values: 0,
        most_values,
    };
    let read = reader.value(limits::FRAME_DEPTH);
    (work.text, work.values) = (reader.text.len(), reader.values);
    read?;
    if !reader.rest.is_empty() {
        return Err(malformed("more follows the message"));
    }
    String::from_utf8(reader.text).map_err(|_| malformed("text that is not UTF-8"))
}

fn write(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::Null => bytes.push(NULL),
        Value::Bool(flag) => bytes.push(if *flag { TRUE } else { FALSE }),
        Value::Int(number) => match u64::try_from(*number) {
            Ok(number) => head(UNSIGNED, number, bytes),
            // CBOR writes −1 − n.
            Err(_) => head(NEGATIVE, !*number as u64, bytes),
        },
        Value::Text(text) => match place(text) {
            Some(place) => bytes.extend([BYTES | 1, place]),
            None => write_text(text, bytes),
        },
        Value::List(items) => {
            head(LIST, items.len() as u64, bytes);
            items.iter().for_each(|item| write(item, bytes));
        }
        Value::Map(map) => {
            head(MAP, map.len() as u64, bytes);
            for (key, value) in map {
                match place(key) {
                    Some(place) => head(UNSIGNED, u64::from(place), bytes),
                    None => write_text(key, bytes),
                }
                write(value, bytes);
            }
        }
    }
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    match id(text) {
        Some(id) => {
            bytes.push(BYTES | 16);
            bytes.extend(id.as_bytes());
        }
        None => {
            head(TEXT, text.len() as u64, bytes);
            bytes.extend(text.as_bytes());
        }
    }
}

fn place(word: &str) -> Option<u8> {
    let place = WORDS.iter().position(|known| *known == word)?;
    u8::try_from(place).ok()
}

/// The id, if the text is an id in exactly the usual spelling.
fn id(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (*id.hyphenated().encode_lower(&mut buffer) == *text).then_some(id)
}

fn head(major: u8, number: u64, bytes: &mut Vec<u8>) {
    match number {
        0..24 => bytes.push(major | number as u8),
        24..=0xff => bytes.extend([major | 24, number as u8]),
        0x100..=0xffff => {
            bytes.push(major | 25);
            bytes.extend((number as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff => {
            bytes.push(major | 26);
            bytes.extend((number as u32).to_be_bytes());
        }
        _ => {
            bytes.push(major | 27);
            bytes.extend(number.to_be_bytes());
        }
    }
}

/// Turns bytes into text, item by item, with nothing in between.
struct Reader<'a> {
    rest: &'a [u8],
    /// The part of the message that is written so far, in JSON.
    text: Vec<u8>,
    values: usize,
    most_values: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<(), FrameError> {
        let Some(below) = depth.checked_sub(1) else {
            return Err(malformed("nested too deeply"));
        };
        self.values += 1;
        if self.values > self.most_values {
            return Err(FrameError::TooManyValues);
        }
        let (first, number) = self.head()?;
        match (first & 0xe0, first) {
            (UNSIGNED, _) => self.integer(signed(number)?),
            (NEGATIVE, _) => self.integer(!signed(number)?),
            (BYTES | TEXT, _) => self.string(first & 0xe0, number),
            (LIST, _) => {
                self.put(b"[")?;
                for index in 0..number {
                    self.comma(index)?;
                    self.value(below)?;
                }
                self.put(b"]")
            }
            (MAP, _) => {
                self.put(b"{")?;
                for index in 0..number {
                    self.comma(index)?;
                    let (first, number) = self.head()?;
                    match first & 0xe0 {
                        UNSIGNED => self.word(number)?,
                        major => self.string(major, number)?,
                    }
                    self.put(b":")?;
                    self.value(below)?;
                }
                self.put(b"}")
            }
            (_, FALSE) => self.put(b"false"),
            (_, TRUE) => self.put(b"true"),
            (_, NULL) => self.put(b"null"),
            _ => Err(malformed("something that compact does not have")),
        }
    }

    /// The first byte of an item, and its number.
    fn head(&mut self) -> Result<(u8, u64), FrameError> {
        let first = self.take(1)?[0];
        let more = match first & 0x1f {
            number @ 0..24 => return Ok((first, u64::from(number))),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return Err(malformed("a length that is not definite")),
        };
        let number = self
            .take(more)?
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
        Ok((first, number))
    }

    fn string(&mut self, major: u8, length: u64) -> Result<(), FrameError> {
        match (major, length) {
            (BYTES, 1) => {
                let place = self.take(1)?[0];
                self.word(u64::from(place))
            }
            (BYTES, 16) => {
                let bytes = self.take(16)?;
                let id = Uuid::from_slice(bytes).map_err(|_| malformed("an id of another length"))?;
                self.quoted(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
            (TEXT, length) => {
                let bytes = self.take(usize::try_from(length).unwrap_or(usize::MAX))?;
                let text = std::str::from_utf8(bytes).map_err(|_| malformed("text that is not UTF-8"))?;
                self.room(written(text))?;
                serde_json::to_writer(&mut self.text, text)
                    .map_err(|error| FrameError::Malformed(error.to_string()))
            }
            _ => Err(malformed("a text that is none")),
        }
    }

    fn word(&mut self, place: u64) -> Result<(), FrameError> {
        let word = usize::try_from(place).ok().and_then(|place| WORDS.get(place));
        self.quoted(word.ok_or_else(|| malformed("a word that is not known"))?)
    }

    fn integer(&mut self, number: i64) -> Result<(), FrameError> {
        let digits = number.unsigned_abs().checked_ilog10().unwrap_or(0) as usize + 1;
        self.room(digits + usize::from(number < 0))?;
        serde_json::to_writer(&mut self.text, &number)
            .map_err(|error| FrameError::Malformed(error.to_string()))
    }

    /// Writes a text that needs no escapes.
    fn quoted(&mut self, text: &str) -> Result<(), FrameError> {
        self.put(b"\"")?;
        self.put(text.as_bytes())?;
        self.put(b"\"")
    }

    fn comma(&mut self, index: u64) -> Result<(), FrameError> {
        match index {
            0 => Ok(()),
            _ => self.put(b","),
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], FrameError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or_else(|| malformed("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn put(&mut self, text: &[u8]) -> Result<(), FrameError> {
        self.room(text.len())?;
        self.text.extend_from_slice(text);
        Ok(())
    }

    /// Fails if this many more bytes of text are too many. A word has two bytes here and may have many in the text.
    fn room(&self, bytes: usize) -> Result<(), FrameError> {
        match self.text.len() + bytes {
            length if length > limits::FRAME_BYTES => Err(FrameError::TooLarge(length)),
            _ => Ok(()),
        }
    }
}

fn signed(number: u64) -> Result<i64, FrameError> {
    i64::try_from(number).map_err(|_| malformed("an integer beyond 63 bits"))
}

fn malformed(what: &str) -> FrameError {
    FrameError::Malformed(what.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<String, FrameError> {
        decode(bytes, limits::FRAME_BYTES, &mut Work::default())
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            ".{0,40}".prop_map(Value::Text),
            proptest::sample::select(WORDS).prop_map(Value::from),
            any::<u128>().prop_map(|id| Value::Text(Uuid::from_u128(id).to_string())),
            any::<u128>().prop_map(|id| Value::Text(Uuid::from_u128(id).to_string().to_uppercase())),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            let key = prop_oneof![".{0,12}", proptest::sample::select(WORDS).prop_map(str::to_owned)];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                proptest::collection::vec((key, inner), 0..6)
                    .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_text_comes_back(value in values()) {
            let text = serde_json::to_string(&value).unwrap();
            let bytes = encode(&text).unwrap();
            prop_assert_eq!(read(&bytes).unwrap(), text);
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(read(&bytes));
        }

        #[test]
        fn half_a_message_is_an_error(value in values(), share in 0.0..1.0_f64) {
            let bytes = encode(&serde_json::to_string(&value).unwrap()).unwrap();
            let end = (bytes.len() as f64 * share) as usize;
            prop_assert!(read(&bytes[..end]).is_err());
        }
    }

    #[test]
    fn words_have_one_place_each_and_are_few() {
        let mut words = WORDS.to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), WORDS.len());
        assert!(WORDS.len() <= 256, "a value names its word in one byte");
    }

    #[test]
    fn what_grows_too_large_is_stopped() {
        // A list of words of 15 bytes each, two bytes here.
        let place = place("idle_timeout_ms").unwrap();
        let mut bytes = Vec::new();
        head(LIST, 100_000, &mut bytes);
        bytes.extend([BYTES | 1, place].repeat(100_000));
        assert!(matches!(read(&bytes), Err(FrameError::TooLarge(_))));
        // More nesting than any message has.
        let deep = [LIST | 1].repeat(5_000);
        assert_eq!(read(&deep), Err(malformed("nested too deeply")));
        // A length, and nothing after it.
        assert!(read(&[LIST | 27, 255, 255, 255, 255, 255, 255, 255, 255]).is_err());
        assert!(read(&[TEXT | 27, 255, 255, 255, 255, 255, 255, 255, 255]).is_err());
    }
}
