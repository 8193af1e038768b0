// Values, as they come from outside. Names of fields are anybody's choice, `constructor` and `__proto__` among them, so
// every object here is a record: without a prototype, it has no members but its own.

/** An object without a prototype, with the members of the parts. */
export const record = (...parts) => Object.assign(Object.create(null), ...parts);

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON, with all of its objects as records. */
export const parse = (text) => JSON.parse(text, (_, value) => (isObject(value) ? record(value) : value));

/** Whether two values are the same; a value that is missing is `null`. */
export function same(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const names = Object.keys(one);
    return names.length === Object.keys(other).length
      && names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]));
  }
  return (one ?? null) === (other ?? null);
}

/** What an entity's fields hold; those without a value are left out. */
export function valuesOf(entity) {
  const cells = Object.entries(entity?.fields ?? {});
  return record(Object.fromEntries(cells.filter(([, [value]]) => value !== null).map(([field, [value]]) => [field, value])));
}
