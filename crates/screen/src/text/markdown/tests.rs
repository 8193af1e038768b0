//! Notes as they are written, beside what is read of them.

use super::*;

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn paragraph(source: &str) -> Vec<Inline> {
    match parse(source).as_slice() {
        [Block::Paragraph(inlines)] => inlines.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn marks_within_a_line() {
    let table = [
        ("plain", vec![text("plain")]),
        ("**a** b", vec![Inline::Strong(vec![text("a")]), text(" b")]),
        (
            "*a **b***",
            vec![text("*a "), Inline::Strong(vec![text("b")]), text("*")],
        ),
        (
            "_a_ snake_case_name",
            vec![Inline::Emphasis(vec![text("a")]), text(" snake_case_name")],
        ),
        ("~~a~~", vec![Inline::Struck(vec![text("a")])]),
        ("2 * 3 * 4", vec![text("2 * 3 * 4")]),
        (r"\*a\*", vec![text("*a*")]),
        ("`**a**`", vec![Inline::Code("**a**".to_owned())]),
        ("```a b```", vec![Inline::Code("a b".to_owned())]),
        ("a\nb", vec![text("a"), Inline::Break, text("b")]),
        ("**a", vec![text("**a")]),
        (
            "明日**必ず**電話",
            vec![text("明日"), Inline::Strong(vec![text("必ず")]), text("電話")],
        ),
    ];
    for (source, expected) in table {
        assert_eq!(paragraph(source), expected, "{source}");
    }
}

#[test]
fn links_lead_to_the_web_or_a_mailbox_or_are_none() {
    let to = |to: &str, shown: &str| Inline::Link {
        to: to.to_owned(),
        text: vec![text(shown)],
    };
    assert_eq!(
        paragraph("[x](https://a.example)"),
        [to("https://a.example", "x")]
    );
    assert_eq!(
        paragraph("[x](MAILTO:a@b.example)"),
        [to("MAILTO:a@b.example", "x")]
    );
    let seen = "see http://a.example/b.";
    assert_eq!(
        paragraph(seen),
        [
            text("see "),
            to("http://a.example/b", "http://a.example/b"),
            text(".")
        ]
    );
    for source in [
        "[x](javascript:alert(1))",
        "[x]( java\tscript:alert)",
        "[x](data:text/html,x)",
        "[x](//a.example)",
        "<script>alert(1)</script>",
        "https://",
    ] {
        assert_eq!(paragraph(source), [text(source)], "{source}");
    }
}

#[test]
fn blocks() {
    let source = "# Trip\n\nPack:\n- [x] passport\n- [ ] tent\n  - pegs\n\n3. third\n4. fourth\n> said\n---\n```\n**code**\n```";
    let item = |done, blocks| Item { done, blocks };
    let line = |words: &str| Block::Paragraph(vec![text(words)]);
    let list = |first, items| Block::List { first, items };
    assert_eq!(
        parse(source),
        [
            Block::Heading(1, vec![text("Trip")]),
            line("Pack:"),
            list(
                None,
                vec![
                    item(Some(true), vec![line("passport")]),
                    item(
                        Some(false),
                        vec![line("tent"), list(None, vec![item(None, vec![line("pegs")])])]
                    ),
                ]
            ),
            list(
                Some(3),
                vec![item(None, vec![line("third")]), item(None, vec![line("fourth")])]
            ),
            Block::Quote(vec![line("said")]),
            Block::Rule,
            Block::Code("**code**".to_owned()),
        ]
    );
}

#[test]
fn the_first_words_are_without_their_marks() {
    let table = [
        ("", None),
        ("\n  \n", None),
        ("---\n```", None),
        ("Pages 4 to 20\nBring the map", Some("Pages 4 to 20")),
        ("\n# To do\n- [x] ask", Some("To do")),
        (
            "- [ ] **call** [the bank](https://a.example)",
            Some("call the bank"),
        ),
        ("> > said `so`", Some("said so")),
        ("```\nlet x;\n```", Some("let x;")),
        ("---\n1. 明日", Some("明日")),
    ];
    for (source, expected) in table {
        assert_eq!(first_words(source).as_deref(), expected, "{source}");
    }
    assert_eq!(
        first_words(&"a".repeat(1_000_000)).map(|words| words.len()),
        Some(A_LINE)
    );
}

/// Texts of nothing but marks. Each of them is read quickly, and nothing in it is nested deeper than the limit.
#[test]
fn the_worst_texts_are_read_too() {
    fn depth(blocks: &[Block]) -> usize {
        let below = |block: &Block| match block {
            Block::Quote(blocks) => 1 + depth(blocks),
            Block::List { items, .. } => {
                1 + items
                    .iter()
                    .map(|item| depth(&item.blocks))
                    .max()
                    .unwrap_or_default()
            }
            Block::Heading(..) | Block::Paragraph(_) | Block::Code(_) | Block::Rule => 0,
        };
        blocks.iter().map(below).max().unwrap_or_default()
    }
    for worst in [
        "*", "**a ", "_", "`", "[", "[](", "> ", "- ", "1. ", "~~a", "\\", "# ", "```\n", "   -\n",
    ] {
        let source = worst.repeat(64 * 1024 / worst.len());
        assert!(depth(&parse(&source)) <= DEEPEST, "{worst}");
    }
}

#[test]
fn a_box_is_ticked_where_it_stands_and_nowhere_else() {
    let notes = "# Plan\n- [x] one\n  - [ ] inner [ ] no\n> - [ ] quoted\n```\n- [ ] code\n```\n1. [ ] last";
    let boxes = ["- [x] one", "- [ ] inner", "- [ ] quoted", "1. [ ] last"];
    for (nth, line) in boxes.into_iter().enumerate() {
        let done = !line.contains("[x]");
        let ticked = match done {
            true => line.replace("[ ]", "[x]"),
            false => line.replace("[x]", "[ ]"),
        };
        assert_eq!(
            tick(notes, nth, done),
            Some(notes.replacen(line, &ticked, 1)),
            "{line}"
        );
    }
    assert_eq!(tick(notes, 4, true), None);
    assert_eq!(tick("", 0, true), None);
}
