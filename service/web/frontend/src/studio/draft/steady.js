// Rows that stay where they say the same: a press on one, and the focus in it, are not lost when all is told anew.

/** The rows of `list`; returns {show(found)}. Of each that is found `row(one)` makes the row, and `words(one)` all that it says. */
export function steadyRows(list, { words, row }) {
  let known = new Map();

  function show(found) {
    const rows = new Map();
    for (const one of found) {
      const key = JSON.stringify(words(one));
      if (!rows.has(key)) rows.set(key, known.get(key) ?? row(one));
    }
    known = rows;
    const wanted = new Set(rows.values());
    for (const old of [...list.children]) if (!wanted.has(old)) old.remove();
    [...wanted].forEach((one, at) => { if (list.children[at] !== one) list.insertBefore(one, list.children[at] ?? null); });
  }

  return { show };
}
