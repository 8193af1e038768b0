//! Edits of lists, folders, sections and labels: create, rename, colour, order, archive and delete.

use tsugi_sync::conflict::write_time;
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::gesture::{delete_list, delete_section};
use tsugi_sync::ids::EntityId;
use tsugi_sync::label::Label;
use tsugi_sync::list::{Folder, List};
use tsugi_sync::position::Position;
use tsugi_sync::replica::Edit;
use tsugi_sync::section::Section;
use tsugi_sync::title::check_title;
use tsugi_sync::value::Value;

use super::{CannotArrange, Desk, Moment, edit};
use crate::intent::arrange::{Container, Furnish};
use tsugi_words::phrases;

/// The edits, a text about them, and whether the person sees their effect on the screen.
type Done = (Vec<Edit>, String, bool);

pub(super) fn furnish(desk: Desk<'_>, what: &Furnish, moment: Moment) -> Result<Done, CannotArrange> {
    let stamp = moment.stamp;
    let set = |id: EntityId, field: Field, value: Value| {
        let kind = desk.there(id).ok_or(CannotArrange::Gone)?.kind;
        Ok::<_, CannotArrange>(
            desk.set(id, kind, field, value, stamp)
                .into_iter()
                .collect::<Vec<_>>(),
        )
    };
    Ok(match what {
        Furnish::Add { container, name } => add(*container, name, moment)?,
        Furnish::Rename { id, name } => {
            let edits = set(*id, Field::Name, check_title(name)?.into())?;
            (edits, phrases::renamed_to(name.trim()), true)
        }
        Furnish::Recolour { id, colour } => {
            let value = colour.map_or(Value::Null, Value::from);
            (
                set(*id, Field::Colour, value)?,
                phrases::recoloured(&desk.name(*id)),
                true,
            )
        }
        Furnish::Favour { id, on } => {
            let (value, what) = match on {
                true => (write_time(stamp.at), phrases::made_favourite(&desk.name(*id))),
                false => (Value::Null, phrases::made_no_favourite(&desk.name(*id))),
            };
            (set(*id, Field::Favourite, value)?, what, true)
        }
        Furnish::Archive { list, archived } => {
            let (value, what) = match archived {
                true => (write_time(stamp.at), phrases::list_archived(&desk.name(*list))),
                false => (Value::Null, phrases::list_unarchived(&desk.name(*list))),
            };
            (set(*list, Field::Archived, value)?, what, false)
        }
        Furnish::PutList { list, folder, before } => {
            let value = folder.map_or(Value::Null, |folder| Value::text(folder.to_string()));
            let mut edits = set(*list, Field::Folder, value)?;
            let siblings = desk.catalog.lists(*folder);
            let siblings = siblings.into_iter().map(|list| (list.id, list.position.clone()));
            edits.extend(place(Kind::List, siblings, *list, *before, moment));
            (edits, phrases::moved(&desk.name(*list)), true)
        }
        Furnish::PutFolder { folder, before } => {
            let siblings = desk.catalog.folders();
            let siblings = siblings
                .into_iter()
                .map(|folder| (folder.id, folder.position.clone()));
            let edits = place(Kind::Folder, siblings, *folder, *before, moment);
            (edits, phrases::moved(&desk.name(*folder)), true)
        }
        Furnish::PutSection { section, before } => {
            let list = desk.catalog.section_list(*section).flatten();
            let siblings = list.map(|list| desk.catalog.sections(list)).unwrap_or_default();
            let siblings = siblings
                .into_iter()
                .map(|section| (section.id, section.position.clone()));
            let edits = place(Kind::Section, siblings, *section, *before, moment);
            (edits, phrases::moved(&desk.name(*section)), true)
        }
        Furnish::DeleteFolder { folder: id } => (
            set(*id, Field::Deleted, write_time(stamp.at))?,
            phrases::folder_deleted(&desk.name(*id)),
            false,
        ),
        Furnish::DeleteLabel { label: id } => (
            set(*id, Field::Deleted, write_time(stamp.at))?,
            phrases::label_deleted(&desk.name(*id)),
            false,
        ),
        Furnish::DeleteList { list, contents } => (
            delete_list(&desk, *list, *contents, stamp)?,
            phrases::list_deleted(&desk.name(*list)),
            false,
        ),
        Furnish::DeleteSection { section, contents } => (
            delete_section(&desk, *section, *contents, stamp)?,
            phrases::section_deleted(&desk.name(*section)),
            false,
        ),
    })
}

fn add(container: Container, name: &str, moment: Moment) -> Result<Done, CannotArrange> {
    let now = moment.stamp.at;
    let (kind, set, what) = match container {
        Container::List => (
            Kind::List,
            List::create(name, now)?,
            phrases::list_added().to_owned(),
        ),
        Container::Folder => (
            Kind::Folder,
            Folder::create(name, now)?,
            phrases::added(name.trim()),
        ),
        Container::Section { list } => (
            Kind::Section,
            Section::create(name, list, now)?,
            phrases::added(name.trim()),
        ),
        Container::Label => (
            Kind::Label,
            Label::create(name, now)?,
            phrases::added(name.trim()),
        ),
    };
    Ok((vec![edit(moment.id, kind, set, moment.stamp)], what, true))
}

/// The edits of positions that put `moved` before another sibling, or at the end. Siblings before it that have no
/// position get one too. If there is no room between two positions, all siblings get new ones.
fn place(
    kind: Kind,
    siblings: impl Iterator<Item = (EntityId, Option<Position>)>,
    moved: EntityId,
    before: Option<EntityId>,
    moment: Moment,
) -> Vec<Edit> {
    let mut order: Vec<_> = siblings.filter(|(id, _)| *id != moved).collect();
    let place = before.and_then(|before| order.iter().position(|(id, _)| *id == before));
    let place = place.unwrap_or(order.len());
    order.insert(place, (moved, None));
    let next = order.get(place + 1).and_then(|(_, position)| position.clone());
    let mut last: Option<Position> = None;
    let mut found = Vec::new();
    for (id, position) in &order[..=place] {
        let Some(position) = position.clone().or_else(|| {
            let between = Position::between(last.as_ref(), next.as_ref(), moment.jitter).ok()?;
            found.push((*id, between.clone()));
            Some(between)
        }) else {
            let spread = Position::spread(order.len());
            found = order.iter().map(|(id, _)| *id).zip(spread).collect();
            break;
        };
        last = Some(position);
    }
    let positions = found.into_iter().map(|(id, position)| {
        let set = Fields::from([(Field::Position, position.into())]);
        edit(id, kind.clone(), set, moment.stamp)
    });
    positions.collect()
}
