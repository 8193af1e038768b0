// The rules that a workspace has chosen for itself: fields of tasks about which people always want to be asked.
import { uuid5 } from './ids.mjs';

const CHOICES = new Set(['notes', 'labels', 'completed', 'priority', 'list', 'section', 'parent']);

/** Whether people want to be asked about a field of an entity of this kind, as this replica sees it now. */
export function asksAbout(replica, kind, field) {
  if (kind !== 'task' || !CHOICES.has(field)) return false;
  const rules = replica.entity(uuid5(replica.workspace, 'policy'));
  return rules?.fields[`ask_${field}`]?.[0] === true;
}
