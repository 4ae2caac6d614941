// Reading and writing one setting of a component by its path, keeping the order in which keys stand in the file.

/** The value at a dotted path. */
export const read = (holder, path) => path.split('.').reduce((value, key) => value?.[key], holder);

/** Put `value` at a dotted path; undefined takes it away, with what holds nothing then. */
export function write(holder, path, value) {
  const keys = path.split('.');
  const last = keys.pop();
  const chain = [holder];
  for (const key of keys) {
    if (chain.at(-1)[key] == null) {
      if (value === undefined) return;
      chain.at(-1)[key] = {};
    }
    chain.push(chain.at(-1)[key]);
  }
  if (value !== undefined) chain.at(-1)[last] = value;
  else {
    delete chain.at(-1)[last];
    for (let level = keys.length; level > 0 && !Object.keys(chain[level]).length; level -= 1) delete chain[level - 1][keys[level - 1]];
  }
}

const nameOf = (value) => (value && typeof value === 'object' ? value.id ?? value.value ?? value.key : undefined);

/** `now` with its keys in the order they had in `before`; members of lists are matched by id, value or key, else by place. */
export function inOrderOf(before, now) {
  if (Array.isArray(now)) {
    const known = Array.isArray(before) ? before : [];
    return now.map((item, index) => inOrderOf(nameOf(item) === undefined ? known[index] : known.find((one) => nameOf(one) === nameOf(item)), item));
  }
  if (!now || typeof now !== 'object') return now;
  if (!before || typeof before !== 'object' || Array.isArray(before)) return Object.fromEntries(Object.entries(now).map(([key, value]) => [key, inOrderOf(undefined, value)]));
  const kept = Object.keys(before).filter((key) => key in now);
  const added = Object.keys(now).filter((key) => !(key in before));
  return Object.fromEntries([...kept, ...added].map((key) => [key, inOrderOf(before[key], now[key])]));
}

/** A form as the text of its file. */
export const asFile = (schema) => `${JSON.stringify(schema, null, 2)}\n`;
