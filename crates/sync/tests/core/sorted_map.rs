//! The sorted map beside std's: whatever is done to both, both answer the same.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::prelude::*;
use tsugi_sync::sorted_map::SortedMap;

/// One thing that is done to both maps.
#[derive(Clone, Debug)]
enum Step {
    Insert(u8, u8),
    Remove(u8),
    AddTo(u8, u8),
    Change(u8, u8),
    Double(u8),
    Extend(Vec<(u8, u8)>),
    RetainBelow(u8),
    KeepLast(usize),
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Few keys, so that many steps meet a key that is there.
    let key = || 0..24_u8;
    let step = prop_oneof![
        8 => (key(), any::<u8>()).prop_map(|(key, value)| Step::Insert(key, value)),
        4 => key().prop_map(Step::Remove),
        3 => (key(), any::<u8>()).prop_map(|(key, value)| Step::AddTo(key, value)),
        2 => (key(), any::<u8>()).prop_map(|(key, value)| Step::Change(key, value)),
        1 => any::<u8>().prop_map(Step::Double),
        2 => proptest::collection::vec((key(), any::<u8>()), 0..12).prop_map(Step::Extend),
        1 => any::<u8>().prop_map(Step::RetainBelow),
        1 => (0..24_usize).prop_map(Step::KeepLast),
        1 => Just(Step::Clear),
    ];
    proptest::collection::vec(step, 0..80)
}

type Both = (SortedMap<u8, u8>, BTreeMap<u8, u8>);

/// Does a step to both maps, and compares the answers.
fn take((ours, std): &mut Both, step: Step) -> Result<(), TestCaseError> {
    match step {
        Step::Insert(key, value) => prop_assert_eq!(ours.insert(key, value), std.insert(key, value)),
        Step::Remove(key) => prop_assert_eq!(ours.remove(&key), std.remove(&key)),
        Step::AddTo(key, value) => {
            let (one, other) = (ours.entry(key).or_default(), std.entry(key).or_default());
            (*one, *other) = (one.wrapping_add(value), other.wrapping_add(value));
            prop_assert_eq!(one, other);
            prop_assert_eq!(ours.entry(value).or_insert(key), std.entry(value).or_insert(key));
        }
        Step::Change(key, value) => {
            ours.get_mut(&key).into_iter().for_each(|known| *known = value);
            std.get_mut(&key).into_iter().for_each(|known| *known = value);
        }
        Step::Double(more) => {
            let double = |value: &mut u8| *value = value.wrapping_mul(2).wrapping_add(more);
            ours.values_mut().for_each(double);
            std.values_mut().for_each(double);
        }
        Step::Extend(entries) => {
            ours.extend(entries.clone());
            std.extend(entries);
        }
        Step::RetainBelow(limit) => {
            let keep = |key: &u8, value: &mut u8| {
                *value ^= 1;
                key.wrapping_add(*value) < limit
            };
            ours.retain(keep);
            std.retain(keep);
        }
        Step::KeepLast(most) => {
            ours.keep_last(most);
            while std.len() > most {
                std.pop_first();
            }
        }
        Step::Clear => {
            ours.clear();
            std.clear();
        }
    }
    Ok(())
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// All that can be asked of a map.
fn compare((ours, std): &Both) -> Result<(), TestCaseError> {
    prop_assert_eq!((ours.len(), ours.is_empty()), (std.len(), std.is_empty()));
    prop_assert!(ours.iter().eq(std.iter()) && ours.into_iter().eq(std));
    prop_assert!(ours.iter().rev().eq(std.iter().rev()));
    prop_assert!(ours.keys().eq(std.keys()) && ours.keys().rev().eq(std.keys().rev()));
    prop_assert!(ours.values().eq(std.values()) && ours.values().rev().eq(std.values().rev()));
    prop_assert_eq!(ours.iter().len(), std.len());
    prop_assert!(ours.clone().into_iter().eq(std.clone()));
    prop_assert!(ours.clone().into_keys().eq(std.clone().into_keys()));
    prop_assert!(ours.clone().into_values().eq(std.clone().into_values()));
    prop_assert_eq!(ours.first_key_value(), std.first_key_value());
    prop_assert_eq!(ours.last_key_value(), std.last_key_value());
    for key in 0..=255 {
        prop_assert_eq!(ours.get(&key), std.get(&key));
        prop_assert_eq!(ours.get_key_value(&key), std.get_key_value(&key));
        prop_assert_eq!(ours.contains_key(&key), std.contains_key(&key));
        prop_assert!(ours.range_from(&key).eq(std.range(key..)));
        if std.contains_key(&key) {
            prop_assert_eq!(ours[&key], std[&key]);
        }
    }
    prop_assert_eq!(format!("{ours:?} {ours:#?}"), format!("{std:?} {std:#?}"));
    prop_assert_eq!(hash(ours), hash(std));
    let json = serde_json::to_string(ours).unwrap();
    prop_assert_eq!(&json, &serde_json::to_string(std).unwrap());
    prop_assert_eq!(&serde_json::from_str::<SortedMap<u8, u8>>(&json).unwrap(), ours);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_both_maps_answer_the_same(steps in steps()) {
        let mut both = Both::default();
        for step in steps {
            take(&mut both, step)?;
            compare(&both)?;
        }
    }

    /// The later of two entries with the same key counts, in whatever order the keys come.
    #[test]
    fn both_are_collected_and_read_alike(entries in proptest::collection::vec((0..12_u8, any::<u8>()), 0..24)) {
        let both: Both = (entries.iter().copied().collect(), entries.iter().copied().collect());
        compare(&both)?;
        let members: Vec<_> = entries.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        let json = format!("{{{}}}", members.join(","));
        let read: SortedMap<u8, u8> = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&read, &both.0);
        if let [one, two, three, ..] = entries[..] {
            prop_assert!(SortedMap::from([one, two, three]).iter().eq(&BTreeMap::from([one, two, three])));
        }
    }

    #[test]
    fn two_maps_compare_as_those_of_std_do(
        one in proptest::collection::vec((0..3_u8, 0..3_u8), 0..4), other in proptest::collection::vec((0..3_u8, 0..3_u8), 0..4),
    ) {
        let ours = |of: &[(u8, u8)]| of.iter().copied().collect::<SortedMap<_, _>>();
        let std = |of: &[(u8, u8)]| of.iter().copied().collect::<BTreeMap<_, _>>();
        prop_assert_eq!(ours(&one).cmp(&ours(&other)), std(&one).cmp(&std(&other)));
        prop_assert_eq!(ours(&one) == ours(&other), std(&one) == std(&other));
    }
}
