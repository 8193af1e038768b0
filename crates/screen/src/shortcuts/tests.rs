use super::*;

#[test]
fn letters_of_other_scripts_count_by_their_place() {
    let table = [
        ("я", "KeyZ", "z"),
        ("Й", "KeyQ", "q"),
        ("ω", "KeyV", "v"),
        ("z", "KeyW", "z"),
        ("é", "Digit2", "é"),
        ("ł", "KeyL", "ł"),
        ("å", "KeyA", "å"),
        ("ש", "KeyA", "a"),
        ("?", "Slash", "?"),
        ("Enter", "Enter", "Enter"),
    ];
    for (key, code, name) in table {
        assert_eq!(latin_name(key, code), name, "{key}");
    }
}

#[test]
fn undo_in_a_field_is_that_of_the_app_while_the_field_is_empty() {
    let pressed = |in_empty_field, key| Pressed {
        key,
        modified: true,
        typing: true,
        in_empty_field,
        ..Pressed::default()
    };
    let press = |pressed| Keyboard::default().press(pressed);
    assert_eq!(press(pressed(true, "z")), Some(Command::Undo));
    assert_eq!(press(pressed(false, "z")), None);
    assert_eq!(press(pressed(true, "y")), Some(Command::Redo));
    assert_eq!(
        press(pressed(true, "a")),
        None,
        "there is nothing to select, and rows are not meant"
    );
}

fn key(key: &str) -> Pressed<'_> {
    Pressed {
        key,
        ..Pressed::default()
    }
}

#[test]
fn no_two_commands_have_the_same_keys_and_no_second_key_is_swallowed() {
    let table = table();
    for (n, line) in table.iter().enumerate() {
        assert!(
            table[n + 1..].iter().all(|other| other.keys != line.keys),
            "{:?}",
            line.keys
        );
        if let Keys::Then(first, _) = line.keys {
            assert!(
                table.iter().all(|other| other.keys != Keys::One(first)),
                "{first}"
            );
        }
    }
}

#[test]
fn two_keys_one_after_the_other_and_in_time() {
    let mut keyboard = Keyboard::default();
    assert_eq!(keyboard.press(key("g")), None);
    assert_eq!(
        keyboard.press(key("u")),
        Some(Command::Go(Place::Tasks(TaskPlace::Upcoming)))
    );
    assert_eq!(keyboard.press(key("u")), None, "the first is used up");
    keyboard.press(key("g"));
    let late = Pressed {
        at: PATIENCE,
        ..key("u")
    };
    assert_eq!(keyboard.press(late), None);
    keyboard.press(key("g"));
    assert_eq!(
        keyboard.press(key("j")),
        Some(Command::Next),
        "not a second key: one by itself"
    );
}

#[test]
fn letters_typed_into_a_field_are_text_and_nothing_else() {
    let typing = |text| Pressed {
        typing: true,
        ..key(text)
    };
    let mut keyboard = Keyboard::default();
    for text in ["q", "/", "g", "i", "?", "Enter", "ArrowDown", "x"] {
        assert_eq!(keyboard.press(typing(text)), None, "{text}");
    }
    let modified = |text| Pressed {
        modified: true,
        ..typing(text)
    };
    assert_eq!(keyboard.press(modified("k")), Some(Command::ShowPalette));
    assert_eq!(keyboard.press(modified("z")), None, "the field's own undo");
    assert_eq!(keyboard.press(typing("Escape")), Some(Command::Leave));
}

#[test]
fn undo_and_redo() {
    let modified = |text| Pressed {
        modified: true,
        ..key(text)
    };
    let mut keyboard = Keyboard::default();
    assert_eq!(keyboard.press(modified("z")), Some(Command::Undo));
    let shifted = Pressed {
        shift: true,
        ..modified("Z")
    };
    assert_eq!(keyboard.press(shifted), Some(Command::Redo));
    assert_eq!(keyboard.press(modified("y")), Some(Command::Redo));
    assert_eq!(
        keyboard.press(Pressed {
            alt: true,
            ..modified("z")
        }),
        None
    );
}

#[test]
fn arrows_alone_with_alt_and_with_shift() {
    let mut keyboard = Keyboard::default();
    let alt = Pressed {
        alt: true,
        ..key("ArrowUp")
    };
    let shift = Pressed {
        shift: true,
        ..key("ArrowUp")
    };
    assert_eq!(keyboard.press(key("ArrowUp")), Some(Command::Previous));
    assert_eq!(keyboard.press(alt), Some(Command::Shift(Shift::Up)));
    assert_eq!(keyboard.press(shift), Some(Command::Extend(Step::Previous)));
    let typing = Pressed { typing: true, ..alt };
    assert_eq!(keyboard.press(typing), None, "a field moves its own cursor");
}

#[test]
fn texts_that_match_the_typed_letters() {
    assert!(fitness("td", "Today").is_some());
    assert!(fitness("yadot", "Today").is_none());
    assert!(fitness("", "Today").is_some());
    assert!(fitness("キョウ", "きょうの予定").is_some());
    assert!(fitness("to", "Today") > fitness("to", "Go to Inbox today now"));
    assert!(fitness("gi", "Go to Inbox") > fitness("gi", "Begin"));
}
