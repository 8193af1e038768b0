//! Marks: how each follows from the one before.

use crate::entity::Fields;
use crate::ids::{EntityId, Mark, MutationId};
use crate::value::Value;

impl Mark {
    /// The mark after this one, once a mutation of this name has set these fields of this entity. Two histories that part
    /// get the same mark only once in four thousand million times.
    ///
    /// The name alone is not enough. A server was restored, and a replica pushes mutation 30 again with the title and the
    /// due date. The server is restored once more, and the replica pushes 30 with the title only, because meanwhile its
    /// person saw the due date replaced. Both histories have the same names, and different values.
    ///
    /// The hash is FNV-1a with 32 bits: nothing secret depends on it.
    #[must_use]
    pub fn next(self, mutation: MutationId, entity: EntityId, set: &Fields) -> Self {
        let mut hash = Fnv((self.0 as u32) ^ 0x811c_9dc5);
        hash.bytes(mutation.replica.0.as_bytes());
        hash.bytes(&mutation.seq.0.to_be_bytes());
        hash.bytes(entity.0.as_bytes());
        for (field, value) in set {
            hash.text(field.as_str());
            hash.value(value);
        }
        Self(u64::from(hash.0))
    }
}

struct Fnv(u32);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }

    /// A byte that no UTF-8 text has ends each text. So the texts "ab" and "c" give another hash than "a" and "bc".
    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.bytes(&[0xFF]);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.bytes(&[0]),
            Value::Bool(on) => self.bytes(&[1, u8::from(*on)]),
            Value::Int(number) => {
                self.bytes(&[2]);
                self.bytes(&number.to_be_bytes());
            }
            Value::Text(text) => {
                self.bytes(&[3]);
                self.text(text);
            }
            Value::List(values) => {
                self.bytes(&[4]);
                values.iter().for_each(|value| self.value(value));
                self.bytes(&[0xFF]);
            }
            Value::Map(values) => {
                self.bytes(&[5]);
                for (name, value) in values {
                    self.text(name);
                    self.value(value);
                }
                self.bytes(&[0xFF]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Field;
    use crate::ids::{MutationSeq, ReplicaId};
    use std::collections::BTreeSet;
    use uuid::Uuid;

    #[test]
    fn another_name_entity_field_or_value_gives_another_mark() {
        let name = |replica, seq| MutationId {
            replica: ReplicaId(Uuid::from_u128(replica)),
            seq: MutationSeq(seq),
        };
        let entity = |n| EntityId(Uuid::from_u128(n));
        let set = |field, value| Fields::from([(field, value)]);
        let title = || set(Field::Title, Value::text("milk"));
        let list = |texts: &[&str]| Value::List(texts.iter().map(|text| Value::text(*text)).collect());
        let steps = [
            (name(1, 30), entity(6), title()),
            (name(2, 30), entity(6), title()),
            (name(1, 31), entity(6), title()),
            (name(1, 30), entity(7), title()),
            (name(1, 30), entity(6), set(Field::Notes, Value::text("milk"))),
            (name(1, 30), entity(6), set(Field::Title, Value::text("tea"))),
            (name(1, 30), entity(6), set(Field::Title, Value::Null)),
            (name(1, 30), entity(6), set(Field::Title, Value::Int(1))),
            (name(1, 30), entity(6), set(Field::Title, Value::Bool(true))),
            (name(1, 30), entity(6), set(Field::Labels, list(&["ab", "c"]))),
            (name(1, 30), entity(6), set(Field::Labels, list(&["a", "bc"]))),
            (name(1, 30), entity(6), set(Field::Labels, list(&["abc"]))),
            (name(1, 30), entity(6), Fields::new()),
        ];
        let marks: BTreeSet<Mark> = steps
            .iter()
            .map(|(name, entity, set)| Mark(7).next(*name, *entity, set))
            .collect();
        assert_eq!(marks.len(), steps.len());
        let (first, on, title) = &steps[0];
        assert_ne!(Mark(7).next(*first, *on, title), Mark(8).next(*first, *on, title));
        assert_eq!(Mark(7).next(*first, *on, title), Mark(7).next(*first, *on, title));
    }
}
