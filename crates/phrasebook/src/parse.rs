//! From a Fluent file to phrases: plain values for the supported syntax, and a [`Problem`] for everything else.

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser;

/// A part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// A parameter that is put in as text.
    Put(String),
    /// A number, written in the way of the language.
    Number(String),
    /// Different words for different numbers.
    Choice {
        by: String,
        variants: Vec<Variant>,
        other: Vec<Piece>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variant {
    Exactly(usize, Vec<Piece>),
    /// A plural category of the language.
    Plural(&'static str, Vec<Piece>),
}

/// A parameter of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    pub number: bool,
}

/// The reason why the texts cannot be built into the app.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("there is no language")]
    NoLanguage,
    #[error("{tag}: {problem}")]
    In { tag: String, problem: Box<Problem> },
    #[error("this is not Fluent: {0}")]
    Syntax(String),
    #[error("phrase `{0}` stands there twice")]
    Twice(String),
    #[error("`{0}` cannot be the name of a phrase or of what is put into one")]
    Name(String),
    #[error("phrase `{phrase}` uses what is not supported: {what}")]
    Unsupported { phrase: String, what: &'static str },
    #[error("there is no phrase `{0}`")]
    Missing(String),
    #[error("the first language has no phrase `{0}`")]
    Unknown(String),
    #[error("phrase `{phrase}` knows no `${parameter}` in the first language")]
    Parameter { phrase: String, parameter: String },
}

impl Problem {
    pub(crate) fn of(self, tag: &str) -> Self {
        Self::In {
            tag: tag.to_owned(),
            problem: Box::new(self),
        }
    }
}

pub(crate) fn phrases(text: &str) -> Result<BTreeMap<String, Vec<Piece>>, Problem> {
    let resource = parser::parse(text).map_err(|(_, errors)| {
        Problem::Syntax(errors.first().map(ToString::to_string).unwrap_or_default())
    })?;
    let mut phrases = BTreeMap::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let name = name_of(message.id.name)?;
                let pieces = Reader {
                    phrase: message.id.name,
                }
                .message(message)?;
                if phrases.insert(name, pieces).is_some() {
                    return Err(Problem::Twice(message.id.name.to_owned()));
                }
            }
            Entry::Term(term) => {
                return Err(Problem::Unsupported {
                    phrase: term.id.name.to_owned(),
                    what: "terms",
                });
            }
            Entry::Junk { content } => return Err(Problem::Syntax((*content).to_owned())),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    Ok(phrases)
}

/// A name as Rust writes it: `changes-waiting` becomes `changes_waiting`.
fn name_of(name: &str) -> Result<String, Problem> {
    const TAKEN: [&str; 12] = [
        "match", "type", "as", "in", "fn", "if", "let", "use", "mod", "loop", "move", "self",
    ];
    let rust = name.replace('-', "_");
    let plain = rust
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if plain && !TAKEN.contains(&rust.as_str()) {
        Ok(rust)
    } else {
        Err(Problem::Name(name.to_owned()))
    }
}

/// Reads one phrase, and knows its name for error messages.
struct Reader<'t> {
    phrase: &'t str,
}

impl Reader<'_> {
    fn message(&self, message: &Message<&str>) -> Result<Vec<Piece>, Problem> {
        if !message.attributes.is_empty() {
            return Err(self.unsupported("attributes"));
        }
        let value = message
            .value
            .as_ref()
            .ok_or_else(|| self.unsupported("no text"))?;
        self.pattern(value)
    }

    fn pattern(&self, pattern: &Pattern<&str>) -> Result<Vec<Piece>, Problem> {
        let mut pieces = Vec::new();
        for element in &pattern.elements {
            let piece = match element {
                PatternElement::TextElement { value } => Piece::Text((*value).to_owned()),
                PatternElement::Placeable { expression } => self.expression(expression)?,
            };
            match (pieces.last_mut(), piece) {
                (Some(Piece::Text(before)), Piece::Text(more)) => before.push_str(&more),
                (_, piece) => pieces.push(piece),
            }
        }
        Ok(pieces)
    }

    fn expression(&self, expression: &Expression<&str>) -> Result<Piece, Problem> {
        match expression {
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                Ok(Piece::Put(self.parameter(id.name)?))
            }
            Expression::Inline(InlineExpression::StringLiteral { value }) => {
                Ok(Piece::Text((*value).to_owned()))
            }
            Expression::Inline(InlineExpression::FunctionReference { id, arguments }) => {
                match (
                    id.name,
                    arguments.positional.as_slice(),
                    arguments.named.is_empty(),
                ) {
                    ("NUMBER", [InlineExpression::VariableReference { id }], true) => {
                        Ok(Piece::Number(self.parameter(id.name)?))
                    }
                    _ => Err(self.unsupported("a function other than NUMBER($name)")),
                }
            }
            Expression::Inline(_) => Err(self.unsupported("references and literals other than text")),
            Expression::Select { selector, variants } => self.choice(selector, variants),
        }
    }

    fn choice(
        &self,
        selector: &InlineExpression<&str>,
        all: &[fluent_syntax::ast::Variant<&str>],
    ) -> Result<Piece, Problem> {
        let InlineExpression::VariableReference { id } = selector else {
            return Err(self.unsupported("a choice by something other than a number that is put in"));
        };
        let (mut variants, mut other) = (Vec::new(), Vec::new());
        for variant in all {
            let pieces = self.pattern(&variant.value)?;
            match &variant.key {
                VariantKey::Identifier { name: "other" } if variant.default => other = pieces,
                VariantKey::Identifier { name } => {
                    let category = category(name).ok_or_else(|| self.unsupported("a choice by text"))?;
                    variants.push(Variant::Plural(category, pieces));
                }
                VariantKey::NumberLiteral { value } => {
                    let number = value
                        .parse()
                        .map_err(|_| self.unsupported("a choice by a fraction"))?;
                    variants.push(Variant::Exactly(number, pieces));
                }
            }
        }
        if other.is_empty() {
            return Err(self.unsupported("a choice whose default is not [other]"));
        }
        Ok(Piece::Choice {
            by: self.parameter(id.name)?,
            variants,
            other,
        })
    }

    fn parameter(&self, name: &str) -> Result<String, Problem> {
        name_of(name)
    }

    fn unsupported(&self, what: &'static str) -> Problem {
        Problem::Unsupported {
            phrase: self.phrase.to_owned(),
            what,
        }
    }
}

/// The plural categories except the default, by the names in the generated code.
fn category(name: &str) -> Option<&'static str> {
    Some(match name {
        "zero" => "Zero",
        "one" => "One",
        "two" => "Two",
        "few" => "Few",
        "many" => "Many",
        _ => return None,
    })
}

/// The parameters of a phrase, in the order in which it first uses them.
pub(crate) fn parameters(pieces: &[Piece]) -> Vec<Parameter> {
    fn collect(pieces: &[Piece], found: &mut Vec<Parameter>) {
        for piece in pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Put(name) => note(found, name, false),
                Piece::Number(name) => note(found, name, true),
                Piece::Choice { by, variants, other } => {
                    note(found, by, true);
                    for Variant::Exactly(_, pieces) | Variant::Plural(_, pieces) in variants {
                        collect(pieces, found);
                    }
                    collect(other, found);
                }
            }
        }
    }
    fn note(found: &mut Vec<Parameter>, name: &str, number: bool) {
        match found.iter_mut().find(|known| known.name == name) {
            Some(known) => known.number |= number,
            None => found.push(Parameter {
                name: name.to_owned(),
                number,
            }),
        }
    }
    let mut found = Vec::new();
    collect(pieces, &mut found);
    found
}
