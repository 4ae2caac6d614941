// The components of a form as a tree: where each stands, and the moves of one. A place is a list of keys, as in
// ['components', 3, 'components', 0]; the form itself stands at [].

/** Whether a value is a component: of a type, taken from a pattern, or an open place of a pattern. */
export const isComponent = (value) => (typeof value === 'string' ? /^\$\{[\w.]+\}$/.test(value) : Boolean(value && typeof value === 'object' && (value.type || value.from_pattern)));

/** The lists of components inside one: [key, list]. What a pattern is handed may hold some too. */
export function listsOf(component) {
  if (!component || typeof component !== 'object') return [];
  if (!component.from_pattern) return Array.isArray(component.components) ? [['components', component.components]] : [];
  return Object.entries(component).filter(([, value]) => Array.isArray(value) && value.length && value.every((one) => typeof one === 'object' && isComponent(one)));
}

/** The value at `place`. */
export const at = (schema, place) => place.reduce((value, key) => value?.[key], schema);

/** Every component with its place and depth, in the order of the page. */
export function* walk(schema, place = [], depth = 0) {
  for (const [key, list] of listsOf(at(schema, place))) {
    for (let index = 0; index < list.length; index += 1) {
      const here = [...place, key, index];
      yield { place: here, depth, component: list[index] };
      yield* walk(schema, here, depth + 1);
    }
  }
}

/** The place as text, as the server names it. */
export const pointer = (place) => place.map((key) => `/${key}`).join('');

const parentOf = (place) => place.slice(0, -2);
const holds = (component) => ['group', 'dynamiclist'].includes(component?.type);

/** Put `component` after the one at `place`, or at the end of what is there if that can hold others; returns its place. */
export function insert(schema, place, component) {
  const target = at(schema, place);
  if (!place.length || holds(target)) {
    target.components ??= [];
    target.components.push(component);
    return [...place, 'components', target.components.length - 1];
  }
  const index = place.at(-1) + 1;
  at(schema, place.slice(0, -1)).splice(index, 0, component);
  return [...place.slice(0, -1), index];
}

/** Take the component at `place` out; returns the place that is chosen next. */
export function remove(schema, place) {
  const list = at(schema, place.slice(0, -1));
  list.splice(place.at(-1), 1);
  return list.length ? [...place.slice(0, -1), Math.min(place.at(-1), list.length - 1)] : parentOf(place);
}

/** Move the component at `place` by `step` among its neighbours; returns its new place, null where there is none. */
export function move(schema, place, step) {
  const list = at(schema, place.slice(0, -1));
  const to = place.at(-1) + step;
  if (!place.length || to < 0 || to >= list.length) return null;
  list.splice(to, 0, ...list.splice(place.at(-1), 1));
  return [...place.slice(0, -1), to];
}

/** Move the component into the group before it; null where there is none. */
export function moveIn(schema, place) {
  const before = place.length && place.at(-1) > 0 ? [...place.slice(0, -1), place.at(-1) - 1] : null;
  if (!before || !holds(at(schema, before))) return null;
  const [component] = at(schema, place.slice(0, -1)).splice(place.at(-1), 1);
  return insert(schema, before, component);
}

/** Move the component out of its group, behind it; null where it stands in none. */
export function moveOut(schema, place) {
  const parent = parentOf(place);
  if (!parent.length || at(schema, parent)?.from_pattern) return null;
  const [component] = at(schema, place.slice(0, -1)).splice(place.at(-1), 1);
  at(schema, parent.slice(0, -1)).splice(parent.at(-1) + 1, 0, component);
  return [...parent.slice(0, -1), parent.at(-1) + 1];
}

/** Move the component at `from` before the one at `to`; returns its new place, null where that cannot be. */
export function moveTo(schema, from, to) {
  if (pointer(to).startsWith(pointer(from))) return null;
  const component = at(schema, from);
  const target = at(schema, to);
  at(schema, from.slice(0, -1)).splice(from.at(-1), 1);
  const found = [...walk(schema)].find((one) => one.component === target);
  at(schema, found.place.slice(0, -1)).splice(found.place.at(-1), 0, component);
  return found.place;
}

/** The path under which the value of the component at `place` is kept ("org.name"), "" for none. */
export function valuePath(schema, place, made) {
  const parts = [];
  for (let size = 2; size <= place.length; size += 2) {
    const here = place.slice(0, size);
    const component = drawn(at(schema, here), here, made);
    const name = component?.path || component?.key;
    if (name) parts.push(name);
  }
  const last = drawn(at(schema, place), place, made);
  return last?.key || last?.path ? parts.join('.') : '';
}

/** What is drawn for a component: what its pattern makes, or itself. */
export function drawn(component, place, made) {
  if (!component?.from_pattern) return component;
  const found = made?.[pointer(place)];
  return (Array.isArray(found) ? found[0] : found) ?? component;
}

/** A name that no field of the form has yet. */
export function freeName(schema, stem) {
  const taken = new Set([...walk(schema)].flatMap(({ component }) => [component.key, component.path, component.id]));
  for (let number = 1; ; number += 1) {
    if (!taken.has(`${stem}_${number}`) && !taken.has(`field_${stem}_${number}`)) return `${stem}_${number}`;
  }
}
