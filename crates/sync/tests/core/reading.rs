//! Reading what came from outside: the work is bounded by what came, and both encodings are held to the same.
//!
//! The tests count work, not time: how much was inflated, how long the text is, how many values were met.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use tsugi_sync::frame::{Form, Frame, Work};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Down, ErrorCode, Fate, FrameError, Up};

const COMPACT: Form = Form {
    compact: true,
    deflated: false,
};

/// A message in compact, written without asking whether it is one: JSON's values as CBOR has them, names as texts.
fn compact(value: &Json) -> Vec<u8> {
    let mut frame = vec![COMPACT.byte()];
    write(value, &mut frame);
    frame
}

fn head(major: u8, number: usize, bytes: &mut Vec<u8>) {
    bytes.push(major << 5 | 26);
    bytes.extend(u32::try_from(number).unwrap().to_be_bytes());
}

fn text(text: &str, bytes: &mut Vec<u8>) {
    head(3, text.len(), bytes);
    bytes.extend(text.as_bytes());
}

fn write(value: &Json, bytes: &mut Vec<u8>) {
    match value {
        Json::Null => bytes.push(0xf6),
        Json::Bool(flag) => bytes.push(if *flag { 0xf5 } else { 0xf4 }),
        Json::Number(number) => {
            let number = number.as_i64().expect("the tests have only integers");
            let (major, number) = if number < 0 { (1, !number) } else { (0, number) };
            bytes.push(major << 5 | 27);
            bytes.extend(number.to_be_bytes());
        }
        Json::String(string) => text(string, bytes),
        Json::Array(items) => {
            head(4, items.len(), bytes);
            items.iter().for_each(|item| write(item, bytes));
        }
        Json::Object(members) => {
            head(5, members.len(), bytes);
            for (name, value) in members {
                text(name, bytes);
                write(value, bytes);
            }
        }
    }
}

fn read_up(frame: Frame) -> (Result<Up, FrameError>, Work) {
    let mut work = Work::default();
    let read = Up::unpack(frame, &mut work);
    (read, work)
}

/// The attack that was measured: 209 bytes on the wire that took 42 ms, because the message was kept until its type was known.
fn attack() -> Vec<u8> {
    let mut body = vec![0xa2, 0x00, 0x41, 0x4a, 0x61, b'x', 0x99, 0xea, 0x60];
    body.extend([0xa1, 0x00, 0x01].repeat(60_000));
    let mut frame = vec![3];
    frame.extend(miniz_oxide::deflate::compress_to_vec(&body, 9));
    frame
}

#[test]
fn a_small_frame_that_means_much_work_is_stopped_and_says_how_much_it_was() {
    let frame = attack();
    assert!(frame.len() < 250, "{}", frame.len());
    let (read, work) = read_up(Frame::Binary(frame));
    assert_eq!(read, Err(FrameError::TooManyValues));
    assert_eq!(read.unwrap_err().code(), ErrorCode::FrameTooLarge);
    assert_eq!(work.inflated, 180_009);
    assert_eq!(work.values, limits::UP_VALUES + 1);
    assert!(work.text < limits::FRAME_BYTES, "{}", work.text);
}

#[test]
fn the_same_attack_in_text_is_stopped_too() {
    let items = vec![json!({ "type": 1 }); 60_000];
    let text = json!({ "type": "ping", "x": items }).to_string();
    let (read, work) = read_up(Frame::Text(text));
    assert_eq!(read, Err(FrameError::TooManyValues));
    assert_eq!(work.values, limits::UP_VALUES + 1);
}

#[test]
fn what_inflates_beyond_a_frame_is_stopped_there() {
    let mut frame = vec![2];
    frame.extend(miniz_oxide::deflate::compress_to_vec(&vec![b' '; 50 << 20], 9));
    assert!(frame.len() < 60_000);
    let (read, work) = read_up(Frame::Binary(frame));
    assert_eq!(read.unwrap_err().code(), ErrorCode::FrameTooLarge);
    assert!(work.inflated <= limits::FRAME_BYTES, "{}", work.inflated);
    assert_eq!(work.values, 0);
}

#[test]
fn what_is_in_order_says_its_work_too() {
    let ping = r#"{"type":"ping","x":[1,{"y":null}]}"#;
    let (read, work) = read_up(Frame::Text(ping.to_owned()));
    assert_eq!(read, Ok(Up::Ping));
    let expected = Work {
        inflated: 0,
        text: ping.len(),
        values: 6,
    };
    assert_eq!(work, expected);
    let (read, work) = read_up(COMPACT.write(ping.to_owned()));
    assert_eq!((read, work), (Ok(Up::Ping), expected));
}

/// A mutation, and the largest that it may be, stays below the limits of the frame that brings it.
#[test]
fn no_mutation_within_its_own_limits_is_more_than_a_frame_may_hold() {
    let nulls = Json::Array(vec![Json::Null; limits::VALUE_BYTES / 8 - 1]);
    let value: tsugi_sync::value::Value = serde_json::from_value(nulls.clone()).unwrap();
    assert!(value.is_within_limits());
    let fields: serde_json::Map<_, _> = ["a", "b", "c"]
        .map(|name| (name.to_owned(), nulls.clone()))
        .into_iter()
        .collect();
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let mutation = |seq| json!({ "seq": seq, "entity": id, "kind": "task", "set": fields, "at": 1 });
    let push = json!({ "type": "push", "workspace": id, "mutations": [mutation(1)] }).to_string();
    assert!(matches!(Up::parse(&push), Ok(Up::Push(_))));
}

#[test]
fn fields_beyond_the_limit_are_not_kept_and_the_mutation_is_refused_alone() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let fields: serde_json::Map<_, _> = (0..3_000).map(|n| (format!("f{n}"), json!(n))).collect();
    let mutation = json!({ "seq": 1, "entity": id, "kind": "task", "set": fields, "base": fields, "at": 1 });
    let push = json!({ "type": "push", "workspace": id, "mutations": [mutation] }).to_string();
    let Ok(Up::Push(push)) = Up::parse(&push) else {
        panic!("a push")
    };
    let mutation = &push.mutations[0];
    assert_eq!(mutation.set.len(), limits::FIELDS_PER_MUTATION + 1);
    assert_eq!(mutation.base.len(), limits::FIELDS_PER_MUTATION + 1);
    assert!(mutation.validate().is_err());
}

#[test]
fn what_comes_down_may_have_as_many_values_as_its_bytes_allow() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let fields = json!({ "labels": [vec![1; 200_000], 7] });
    let entity = json!({ "id": id, "kind": "task", "fields": fields });
    let delta =
        json!({ "type": "delta", "workspace": id, "epoch": id, "from": 6, "to": 7, "entities": [entity] });
    let frame = COMPACT.write(delta.to_string());
    assert!(matches!(
        Down::parse(&frame.unpack().unwrap()),
        Ok(Down::Delta(_))
    ));
}

#[test]
fn mutations_beyond_the_limit_are_not_kept() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let mutation = json!({ "seq": 1, "entity": id, "kind": "task", "set": { "title": "a" }, "at": 1 });
    let push = |count| {
        json!({ "type": "push", "workspace": id, "mutations": vec![mutation.clone(); count] }).to_string()
    };
    assert!(Up::parse(&push(limits::MUTATIONS_PER_PUSH)).is_ok());
    assert_eq!(
        Up::parse(&push(limits::MUTATIONS_PER_PUSH + 1)),
        Err(FrameError::TooManyMutations)
    );
    // What follows is skipped, whatever it is.
    let long = push(limits::MUTATIONS_PER_PUSH + 1).replace("}],", "},7,{}],");
    assert_eq!(Up::parse(&long), Err(FrameError::TooManyMutations));
}

/// Each is one text, in both encodings, and either both take it or neither does.
fn both(message: &str) -> Result<Up, FrameError> {
    let value: Json = serde_json::from_str(message).expect(message);
    let (in_text, text_work) = read_up(Frame::Text(value.to_string()));
    let (in_compact, compact_work) = read_up(Frame::Binary(compact(&value)));
    assert_eq!(
        in_text.is_ok(),
        in_compact.is_ok(),
        "{message}: {in_text:?} {in_compact:?}"
    );
    assert_eq!(text_work, compact_work, "{message}");
    assert_eq!(in_text, in_compact, "{message}");
    in_text
}

#[test]
fn a_version_that_nobody_has_is_no_error() {
    let hello = |versions: &str| {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let hello = format!(
            r#"{{"type":"hello","versions":{versions},"token":"t","replica":"{id}","device":"d","app":"a"}}"#
        );
        match both(&hello) {
            Ok(Up::Hello(hello)) => Ok(hello.versions),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error),
        }
    };
    assert_eq!(hello("[99999999999]"), Ok(vec![0]));
    assert_eq!(
        hello("[99999999999,2,-1,9223372036854775807]"),
        Ok(vec![0, 2, 0, 0])
    );
    assert_eq!(hello("[]"), Ok(vec![]));
    let many = format!("[{}2]", "99999999999,".repeat(limits::HELLO_OFFERS));
    assert_eq!(hello(&many), Err(FrameError::TooManyOffers));
    assert!(hello(r#"["2"]"#).is_err());
}

const TWICE: &[&str] = &[
    r#"{"type":"ping","type":"ping"}"#,
    r#"{"type":"ping","x":1,"x":1}"#,
    r#"{"type":"ping","x":{"a":1,"b":2,"a":3}}"#,
    r#"{"type":"ping","x":[[{"\u0061":1,"a":3}]]}"#,
    r#"{"type":"auth","token":"t","token":"t"}"#,
    r#"{"type":"push","workspace":"01890a5d-ac96-774b-bcce-b302099a8057","mutations":[{"seq":1,"entity":"01890a5d-ac96-774b-bcce-b302099a8057","kind":"task","set":{"title":"a","title":"b"},"at":1}]}"#,
    r#"{"type":"push","workspace":"01890a5d-ac96-774b-bcce-b302099a8057","mutations":[{"seq":1,"entity":"01890a5d-ac96-774b-bcce-b302099a8057","kind":"task","set":{"title":{"k":1,"k":1}},"at":1}]}"#,
    r#"{"type":"push","workspace":"01890a5d-ac96-774b-bcce-b302099a8057","mutations":[{"seq":1,"seq":2,"entity":"01890a5d-ac96-774b-bcce-b302099a8057","kind":"task","set":{"title":"b"},"at":1}]}"#,
];

#[test]
fn a_member_that_comes_twice_is_refused_wherever_it_stands() {
    for message in TWICE {
        let error = Up::parse(message).unwrap_err();
        assert_eq!(error.code(), ErrorCode::BadFrame, "{message}");
        assert!(error.to_string().contains("comes twice"), "{message}: {error}");
    }
    // In compact, where one of them may be a number and the other the word.
    let words = [0xa2, 0x00, 0x41, 0x4a, 0x64, b't', b'y', b'p', b'e', 0x41, 0x4a];
    let nested = [0xa2, 0x00, 0x41, 0x4a, 0x61, b'x', 0xa2, 0x01, 0x00, 0x01, 0x00];
    for body in [&words[..], &nested] {
        let (read, _) = read_up(Frame::Binary([&[1], body].concat()));
        let error = read.unwrap_err();
        assert_eq!(error.code(), ErrorCode::BadFrame);
        assert!(error.to_string().contains("comes twice"), "{error}");
    }
}

#[test]
fn a_member_may_come_in_each_of_many_objects() {
    let message = r#"{"x":{"a":{"a":[{"a":1},{"a":2}]}},"type":"ping","a":{"type":7}}"#;
    assert_eq!(both(message), Ok(Up::Ping));
}

/// What compact cannot say, text may not say either.
#[test]
fn text_has_no_numbers_that_compact_has_not() {
    for number in [
        "1.5",
        "1e3",
        "-0",
        "-0.0",
        "9223372036854775808",
        "18446744073709551615",
        "-9223372036854775809",
        "1e999",
    ] {
        let unknown = format!(r#"{{"type":"ping","x":[{number}]}}"#);
        assert_eq!(
            Up::parse(&unknown).unwrap_err().code(),
            ErrorCode::BadFrame,
            "{number}"
        );
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let known = format!(r#"{{"type":"pull","workspace":"{id}","cursor":{number}}}"#);
        assert_eq!(
            Up::parse(&known).unwrap_err().code(),
            ErrorCode::BadFrame,
            "{number}"
        );
    }
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    assert!(
        both(&format!(
            r#"{{"type":"pull","workspace":"{id}","cursor":{}}}"#,
            i64::MAX
        ))
        .is_ok()
    );
    assert!(both(&format!(r#"{{"type":"pull","workspace":"{id}","cursor":-1}}"#)).is_err());
    assert!(both(&format!(r#"{{"type":"ping","x":{}}}"#, i64::MIN)).is_ok());
}

#[test]
fn both_encodings_are_nested_equally_deep() {
    let nested = |depth: usize| {
        format!(
            r#"{{"type":"ping","x":{}{}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    // The message, and one more for each list.
    assert_eq!(both(&nested(limits::FRAME_DEPTH - 1)), Ok(Up::Ping));
    let error = both_codes(&nested(limits::FRAME_DEPTH));
    assert_eq!(error, [ErrorCode::BadFrame, ErrorCode::BadFrame]);
}

fn both_codes(message: &str) -> [ErrorCode; 2] {
    let value: Json = serde_json::from_str(message).expect(message);
    [Frame::Text(message.to_owned()), Frame::Binary(compact(&value))]
        .map(|frame| read_up(frame).0.unwrap_err().code())
}

#[test]
fn half_a_surrogate_pair_is_refused_also_where_nobody_reads() {
    let unknown = r#"{"type":"ping","x":"\ud800"}"#;
    assert_eq!(Up::parse(unknown).unwrap_err().code(), ErrorCode::BadFrame);
}

#[test]
fn a_type_may_stand_anywhere_and_what_it_does_not_have_is_skipped() {
    let message = r#"{"mutations":7,"token":"t","cursor":{"a":[]},"type":"auth","heads":null}"#;
    assert!(matches!(both(message), Ok(Up::Auth { .. })));
    for no_message in [
        r#"{"type":null}"#,
        r#"{"type":{"type":"ping"}}"#,
        r#"{"x":{"type":"ping"}}"#,
        r#"["ping"]"#,
    ] {
        assert_eq!(
            both_codes(no_message),
            [ErrorCode::BadFrame, ErrorCode::BadFrame],
            "{no_message}"
        );
    }
}

#[test]
fn an_outcome_is_read_by_its_fate_wherever_that_stands() {
    let delta = |outcome: &str| {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        Down::parse(&format!(
            r#"{{"type":"delta","workspace":"{id}","epoch":"{id}","from":1,"to":1,"outcomes":[{outcome}]}}"#
        ))
    };
    let Ok(Down::Delta(read)) = delta(r#"{"revision":4,"later":[{}],"fate":"accepted","seq":3}"#) else {
        panic!("accepted")
    };
    assert!(matches!(
        read.outcomes[0].fate,
        Fate::Accepted { current: None, .. }
    ));
    for lacking in [
        r#"{"fate":"accepted","seq":3}"#,
        r#"{"fate":"conflict","seq":3}"#,
        r#"{"fate":"refused","seq":3,"code":"invalid"}"#,
        r#"{"fate":"dropped","seq":3}"#,
        r#"{"revision":4,"seq":3}"#,
        r#"{"fate":"accepted","revision":4}"#,
    ] {
        assert!(
            matches!(delta(lacking), Err(FrameError::Malformed(_))),
            "{lacking}"
        );
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Json::String),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            proptest::collection::btree_map(".{0,6}", inner, 0..5)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever a later version adds, and wherever: both encodings take it, with the same work.
    #[test]
    fn members_of_later_versions_are_skipped_in_both(value in any_json(), name in "[a-zé]{1,8}") {
        let message = json!({ "type": "ping", (format!("x{name}")): value });
        prop_assert_eq!(both(&message.to_string()), Ok(Up::Ping));
    }

    /// Whatever stands in the place of a member that is known: both encodings say the same of it.
    #[test]
    fn members_that_are_wrong_are_wrong_in_both(
        value in any_json(),
        kind in proptest::sample::select(&["hello", "subscribe", "push", "pull", "auth", "ping"][..]),
        name in proptest::sample::select(&["versions", "token", "workspace", "cursor", "mutations", "encodings"][..]),
    ) {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let mut message = json!({
            "type": kind, "versions": [2], "token": "t", "replica": id, "device": "d", "app": "a",
            "workspace": id, "cursor": 1, "mutations": [],
        });
        message[name] = value;
        drop(both(&message.to_string()));
    }

    #[test]
    fn no_frame_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), form in 0..4_u8) {
        drop(read_up(Frame::Binary([&[form], &bytes[..]].concat())));
    }
}
