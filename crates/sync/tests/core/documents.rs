//! `docs/protocol.md` says what the code says, member by member: a client in another language has nothing else.

use std::collections::BTreeSet;

use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::frame::{self, Form, Frame};
use tsugi_sync::merge::{Policy, policy};
use tsugi_sync::protocol::{Down, ErrorCode, RefusalCode, Up};
use tsugi_sync::{hlc, limits};

const DOCUMENT: &str = include_str!("../../../../docs/protocol.md");
const MESSAGES: &str = include_str!("../../src/protocol/mod.rs");
const AUTHORS: &str = include_str!("../../src/protocol/authors.rs");
const MUTATION: &str = include_str!("../../src/mutation.rs");
const ENTITY: &str = include_str!("../../src/entity.rs");
const IDS: &str = include_str!("../../src/ids.rs");
const LIMITS: &str = include_str!("../../src/limits.rs");
const CONFLICT: &str = include_str!("../../src/conflict/mod.rs");
const MERGE: &str = include_str!("../../src/merge/mod.rs");

/// What stands under a heading, up to the next one, whatever its level.
fn section(heading: &str) -> &'static str {
    let start = DOCUMENT
        .find(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("no “{heading}”"));
    let rest = &DOCUMENT[start + 1 + heading.len()..];
    &rest[..rest.find("\n#").unwrap_or(rest.len())]
}

/// The names in the first column of the tables of a text, and the text of their rows.
fn rows(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let row = |line: &'static str| Some((line.strip_prefix("| `")?.split_once('`')?.0, line));
    text.lines().filter_map(row).collect()
}

fn names(text: &'static str) -> BTreeSet<&'static str> {
    rows(text).into_iter().map(|(name, _)| name).collect()
}

/// The members of the type whose definition begins with `start`, in the text of a source.
fn members(source: &'static str, start: &str) -> BTreeSet<&'static str> {
    let code = |line: &&str| !line.starts_with("//") && !line.starts_with('#');
    let mut lines = source
        .lines()
        .map(str::trim)
        .filter(code)
        .skip_while(|line| !line.starts_with(start));
    let first = lines
        .next()
        .unwrap_or_else(|| panic!("no “{start}” in the source"));
    let one_line = first.contains('}');
    let body = lines.take_while(|line| !one_line && !line.starts_with('}'));
    let mut found = BTreeSet::new();
    for line in std::iter::once(first).chain(body) {
        for (colon, _) in line.match_indices(": ") {
            let before = &line[..colon];
            let word = before
                .rsplit(|c: char| !c.is_ascii_lowercase() && c != '_')
                .next();
            found.extend(word);
        }
    }
    found
}

#[test]
fn every_member_of_every_message() {
    let table = [
        ("### `hello`", MESSAGES, "pub struct Hello {"),
        ("### `subscribe`", MESSAGES, "pub struct Subscribe {"),
        ("### `push`", MESSAGES, "pub struct Push {"),
        ("### A mutation", MUTATION, "pub struct PushedMutation {"),
        ("### `pull`", MESSAGES, "Pull {"),
        ("### `auth`", MESSAGES, "Auth {"),
        ("### `welcome`", MESSAGES, "pub struct Welcome {"),
        ("### `snapshot`", MESSAGES, "pub struct Snapshot {"),
        ("### An entity", ENTITY, "pub struct Entity {"),
        ("### `delta`", MESSAGES, "pub struct Delta {"),
        ("### `subscribed`", MESSAGES, "Subscribed {"),
        ("### `pong`", MESSAGES, "Pong {"),
        ("### `error`", MESSAGES, "pub struct ErrorMessage {"),
        ("### `accepted`", MESSAGES, "Accepted {"),
        ("### `conflict`", MESSAGES, "Conflict {"),
        ("### An author", MESSAGES, "pub struct Author {"),
        ("### Authors of changes", AUTHORS, "pub struct ChangedBy {"),
        ("### Authors of other fields", MESSAGES, "pub struct Authored {"),
        ("### `refused`", MESSAGES, "Refused {"),
        ("### Copies of other replicas", IDS, "pub struct MutationId {"),
    ];
    // A fate is told by `fate`, and its members stand beside it.
    let outcome: BTreeSet<_> = ["seq", "fate"].into();
    assert_eq!(names(section("### An outcome")), outcome);
    assert_eq!(members(MESSAGES, "pub struct Outcome {"), outcome);
    for (heading, source, start) in table {
        let members = members(source, start);
        assert!(!members.is_empty(), "{start}");
        let named = names(section(heading));
        for member in &members {
            assert!(named.contains(member), "{heading} leaves out `{member}`");
        }
        let codes = RefusalCode::ALL.iter().map(RefusalCode::as_str);
        let known: BTreeSet<_> = codes.chain(members).collect();
        for name in named {
            assert!(known.contains(name), "{heading}: there is no `{name}`");
        }
    }
}

#[test]
fn every_code() {
    let codes: BTreeSet<_> = ErrorCode::ALL.iter().map(ErrorCode::as_str).collect();
    let rows = rows(section("## Codes"));
    assert_eq!(rows.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), codes);
    for code in ErrorCode::ALL {
        let (_, row) = rows.iter().find(|(name, _)| *name == code.as_str()).unwrap();
        let close = code
            .close_code()
            .map_or("–".to_owned(), |number| number.to_string());
        // A frame that is no message may end with a code of RFC 6455 instead.
        let (only, first) = (format!("| {close} |"), format!("| {close}, or "));
        assert!(row.contains(&only) || row.contains(&first), "{row}");
    }
    let refusals: BTreeSet<_> = RefusalCode::ALL.iter().map(RefusalCode::as_str).collect();
    let members = members(MESSAGES, "Refused {");
    let named = names(section("### `refused`"));
    assert_eq!(&named - &members, refusals);
}

#[test]
fn every_limit() {
    let of_the_code = [
        limits::FRAME_BYTES as u64,
        limits::FRAME_DEPTH as u64,
        limits::HELLO_BYTES as u64,
        limits::UP_VALUES as u64,
        limits::FRAMES_PER_REQUEST as u64,
        limits::LISTEN_MS,
        limits::LISTEN_BYTES as u64,
        limits::HELLO_OFFERS as u64,
        limits::VALUE_BYTES as u64,
        limits::VALUE_DEPTH as u64,
        limits::TITLE_CHARS as u64,
        limits::FIELDS_PER_MUTATION as u64,
        limits::NAME_BYTES as u64,
        limits::MUTATION_BYTES as u64,
        limits::MUTATIONS_PER_PUSH as u64,
        limits::PUSH_BYTES as u64,
        limits::IN_FLIGHT as u64,
        limits::PART_BYTES as u64,
        limits::NAMED_CHANGES,
        limits::SUBSCRIPTIONS as u64,
        limits::HELLO_TEXT_BYTES as u64,
        limits::VECTOR_REPLICAS as u64,
        limits::KEPT_ACKNOWLEDGED as u64,
        limits::KEPT_ACKNOWLEDGED_MS,
        limits::OUTBOX as u64,
        limits::MERGE_LINES as u64,
        limits::MERGE_DIFFERENCES as u64,
        limits::ZONE_BYTES as u64,
        limits::POSITION_BYTES as u64,
        limits::RULE_BYTES as u64,
        u64::from(limits::RULE_NUMBER),
        limits::LABELS as u64,
        limits::COMMENT_CHARS as u64,
        limits::QUERY_CHARS as u64,
        limits::RESTORABLE_MS,
        limits::UNDO_MS,
        limits::ENTITY_BYTES as u64,
        limits::GESTURE_TASKS as u64,
    ];
    let constants = LIMITS.lines().filter(|line| line.starts_with("pub const "));
    let shared = LIMITS.lines().filter_map(|line| line.strip_prefix("pub use "));
    let shared = shared.map(|names| names.split(',').count()).sum::<usize>();
    assert_eq!(
        constants.count() + shared,
        of_the_code.len(),
        "one is missing here"
    );
    let number = |line: &str| line.strip_prefix("| ")?.split(" | ").nth(1)?.parse().ok();
    let named: BTreeSet<u64> = section("## Limits").lines().filter_map(number).collect();
    // Of the server alone: what one push may ask for.
    let server = 2 * limits::FRAME_BYTES as u64;
    let known: BTreeSet<u64> = of_the_code.into_iter().chain([hlc::DRIFT_MS, server]).collect();
    assert_eq!(named, known);
}

#[test]
fn every_kind_and_field() {
    let data = DOCUMENT
        .split_once("\n## The data\n")
        .and_then(|(_, rest)| rest.split_once("\n## "));
    let (data, _) = data.expect("there is such a section");
    // A line of the source that gives a name: `Title = "title",`.
    let name = |line: &'static str| line.trim().split_once(" = \"")?.1.strip_suffix("\",");
    let known: BTreeSet<_> = ENTITY.lines().filter_map(name).collect();
    assert!(known.len() > 25);
    for name in &known {
        assert!(data.contains(&format!("`{name}`")), "`{name}` is left out");
    }
    for name in names(data) {
        assert!(known.contains(name), "there is no `{name}`");
    }
    // What stands in a conflict, and the rules of a merge.
    let words = |source: &'static str| {
        source
            .lines()
            .filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\","))
    };
    for word in words(CONFLICT).chain(words(MERGE)) {
        assert!(DOCUMENT.contains(&format!("`{word}`")), "`{word}` is left out");
    }
}

#[test]
fn every_field_is_merged_by_the_rule_that_is_named() {
    let cells = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<_>>();
    let table = section("## Merging").lines().map(cells);
    let table = table.filter(|cells| cells.len() == 5 && cells[1].starts_with('`'));
    // The second table of the section is about deletion, and has no rule in its second column.
    let rows: Vec<_> = table
        .filter(|cells| cells[2] == "–" || cells[2].starts_with('`'))
        .collect();
    let mut named = BTreeSet::new();
    for row in rows {
        let expected = match row[2] {
            "–" => Policy::Ask,
            "`lines`" => Policy::Lines,
            "`earliest`" => Policy::Earliest,
            "`set`" => Policy::Set,
            "`last_writer`" => Policy::LastWriter,
            other => panic!("{other}"),
        };
        for field in row[1].split('`').skip(1).step_by(2) {
            assert_eq!(policy(&Kind::Task, &Field::from(field)), expected, "{field}");
            assert!(named.insert(field), "`{field}` has two rules");
        }
    }
    let fields = ENTITY
        .split_once("Title = ")
        .and_then(|(_, rest)| rest.split_once("// A conflict's own fields"));
    let fields = fields.expect("they stand apart").0.lines();
    let name = |line: &'static str| line.trim().rsplit_once('"')?.0.rsplit('"').next();
    let known: BTreeSet<_> = std::iter::once("title")
        .chain(fields.skip(1).filter_map(name))
        .collect();
    assert_eq!(named, known, "fields of everything but conflicts");
    assert_eq!(policy(&Kind::Task, &Field::from("anything_else")), Policy::Ask);
    assert_eq!(policy(&Kind::Conflict, &Field::from("title")), Policy::LastWriter);
}

#[test]
fn every_word_of_compact_in_its_place() {
    let block = section("### Encodings and compression")
        .split("```words\n")
        .nth(1)
        .unwrap();
    let words: Vec<_> = block.split("\n```").next().unwrap().split_whitespace().collect();
    assert_eq!(words, frame::WORDS);
}

/// The example in hexadecimal is a frame, and says what the text beside it says.
#[test]
fn the_example_of_compact() {
    let block = section("### Encodings and compression")
        .split("```compact\n")
        .nth(1)
        .unwrap();
    let (hex, text) = block.split("\n```").next().unwrap().split_once("\n\n").unwrap();
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let (form, body) = digits.split_at(2);
    assert_eq!(form, b"01");
    let read = frame::read(true, body.chunks(2).map(byte).collect()).unwrap();
    assert_eq!(Down::parse(&read).unwrap(), Down::parse(text).unwrap());
    let Frame::Binary(bytes) = (Form {
        compact: true,
        deflated: false,
    })
    .write(text.to_owned()) else {
        panic!("compact")
    };
    let written: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        written.as_bytes(),
        digits,
        "{} bytes where the text has {}",
        bytes.len(),
        text.len()
    );
}

/// Every line of every block of JSON is a message, and is written as this build writes it.
#[test]
fn every_example() {
    let mut examples = 0;
    for block in DOCUMENT.split("\n```json\n").skip(1) {
        let lines = block.split("\n```").next().unwrap_or_default().lines();
        for line in lines {
            let written = match (Up::parse(line), Down::parse(line)) {
                (Ok(up), _) => up.to_frame(),
                (_, Ok(down)) => down.to_frame(),
                (Err(up), Err(down)) => panic!("{line}\n{up}\n{down}"),
            };
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!(value(&written), value(line), "a member that means nothing");
            examples += 1;
        }
    }
    assert!(examples >= 25, "{examples}");
}

/// Every row of the merge tables names tests, and each of them is there.
#[test]
fn every_row_of_the_merge_tables_has_its_test() {
    const TABLES: &str = include_str!("../../../../docs/merge-tables.md");
    let sources = [
        ("completion", include_str!("completion.rs")),
        ("conflict", include_str!("conflict.rs")),
        ("decision", include_str!("decision.rs")),
        ("deletion", include_str!("deletion.rs")),
        ("gesture", include_str!("gesture.rs")),
        ("moving", include_str!("moving.rs")),
        ("policy", include_str!("policy.rs")),
        ("put_off", include_str!("put_off.rs")),
        ("settle", include_str!("settle.rs")),
        ("twins", include_str!("twins.rs")),
        ("undo", include_str!("undo.rs")),
        ("ancestry", include_str!("../../src/ancestry.rs")),
        ("tree", include_str!("../../../screen/tests/screen/tree.rs")),
    ];
    let mut named = BTreeSet::new();
    let rows = TABLES.lines().filter(|line| line.starts_with("| "));
    for row in rows.filter(|row| !row.ends_with("| test |")) {
        let cell = row
            .trim_end_matches(" |")
            .rsplit(" | ")
            .next()
            .unwrap_or_default();
        let tests: Vec<_> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "no test: {row}");
        for test in tests {
            let (module, name) = test.split_once("::").unwrap_or_else(|| panic!("{test}"));
            let source = sources.iter().find(|(known, _)| *known == module);
            let (_, source) = source.unwrap_or_else(|| panic!("no module {module}"));
            let is_test = |before: &str| before.trim_end().ends_with("#[test]");
            let found = source.split_once(&format!("fn {name}()"));
            assert!(
                found.is_some_and(|(before, _)| is_test(before)),
                "there is no test {test}"
            );
            named.insert(test);
        }
    }
    // Whatever is tested about what was done apart has a row, but for how news came.
    for (module, source) in sources
        .iter()
        .filter(|(module, _)| ["completion", "moving"].contains(module))
    {
        for name in source
            .split("#[test]\nfn ")
            .skip(1)
            .filter_map(|test| test.split('(').next())
        {
            let how = name.contains("gap") || name.contains("crash") || name.contains("who_saw");
            assert!(
                how || named.contains(format!("{module}::{name}").as_str()),
                "{name} has no row"
            );
        }
    }
    assert!(named.len() > 35, "{}", named.len());
}
