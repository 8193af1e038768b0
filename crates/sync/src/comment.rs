//! Comments on tasks.

use crate::conflict::{read_time, write_time};
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Timestamp, UserId};
use crate::limits;
use crate::title::shows_nothing;
use crate::value::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: EntityId,
    pub task: EntityId,
    pub text: String,
    /// The person who wrote it, as their device says. None if nobody was signed in.
    pub author: Option<UserId>,
    pub created: Timestamp,
}

impl Comment {
    /// Reads a comment. None for a tombstone, for an entity that is not a comment, and for a comment that names no
    /// task.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        if entity.kind != Kind::Comment || entity.is_deleted() {
            return None;
        }
        let text = |field| entity.value(field).as_text();
        Some(Self {
            id: entity.id,
            task: text(&Field::Task)?.parse().ok()?,
            text: text(&Field::Text).unwrap_or_default().to_owned(),
            author: text(&Field::Author).and_then(|id| id.parse().ok()),
            created: read_time(entity.value(&Field::Created)),
        })
    }

    /// The fields of a new comment.
    ///
    /// # Errors
    /// When there is no text, or too much.
    pub fn create(
        task: EntityId,
        text: &str,
        author: Option<UserId>,
        now: Timestamp,
    ) -> Result<Fields, CommentError> {
        let mut fields = Fields::from([
            (Field::Task, Value::Text(task.to_string())),
            (Field::Text, check_comment(text)?.into()),
            (Field::Created, write_time(now)),
        ]);
        if let Some(author) = author {
            fields.insert(Field::Author, Value::Text(author.to_string()));
        }
        Ok(fields)
    }
}

/// The text of a comment in the form in which it is stored.
///
/// # Errors
/// When nothing is left or it is too long.
pub fn check_comment(text: &str) -> Result<&str, CommentError> {
    let text = text.trim();
    match text.chars().count() {
        _ if shows_nothing(text) => Err(CommentError::Empty),
        count if count > limits::COMMENT_CHARS => Err(CommentError::TooLong(count)),
        _ => Ok(text),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommentError {
    #[error("a comment needs at least one character")]
    Empty,
    #[error("a comment has at most {max} characters; this one has {0}", max = limits::COMMENT_CHARS)]
    TooLong(usize),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Cell;
    use crate::ids::Revision;

    #[test]
    fn a_comment_is_read_as_it_was_made() {
        let task = EntityId(uuid::Uuid::from_u128(1));
        let author = Some(UserId(uuid::Uuid::from_u128(2)));
        let mut entity = Entity::new(EntityId(uuid::Uuid::nil()), Kind::Comment);
        let fields = Comment::create(task, "one\ntwo\n", author, Timestamp(5)).unwrap();
        entity.absorb(fields.into_iter().map(|(f, value)| (f, Cell(value, Revision(1)))));
        let comment = Comment::read(&entity).unwrap();
        assert_eq!((comment.task, comment.text.as_str()), (task, "one\ntwo"));
        assert_eq!((comment.author, comment.created), (author, Timestamp(5)));
        entity.absorb([(Field::Task, Cell("nothing".into(), Revision(2)))]);
        assert_eq!(Comment::read(&entity), None);
    }

    #[test]
    fn the_longest_comment_is_a_value() {
        assert_eq!(check_comment(" \n"), Err(CommentError::Empty));
        // A character takes four bytes at most.
        let longest = "🌱".repeat(limits::COMMENT_CHARS);
        assert!(Value::text(check_comment(&longest).unwrap()).is_within_limits());
        let longer = "x".repeat(limits::COMMENT_CHARS + 1);
        assert_eq!(
            check_comment(&longer),
            Err(CommentError::TooLong(limits::COMMENT_CHARS + 1))
        );
    }
}
