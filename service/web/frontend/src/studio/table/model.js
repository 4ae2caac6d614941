// The table while it is edited: every change is a step that can be undone.
const copy = (value) => structuredClone(value);
const columnsOf = ({ inputs, outputs }) => [...inputs.map((column, place) => ({ column, part: 'inputs', place })), ...outputs.map((column, place) => ({ column, part: 'outputs', place }))];

export class Model {
  /** `sheet` is the table as the server describes it; `changed(sheet)` is called after every step. */
  constructor(sheet, changed) {
    this.sheet = sheet;
    this.changed = changed;
    this.past = [];
    this.future = [];
    this.last = '';
  }

  /** Change the table; steps with the same `about` in a row are one, as when one types into a cell. */
  step(about, change) {
    if (!about || about !== this.last) this.past.push(copy(this.sheet));
    this.last = about;
    this.future = [];
    change(this.sheet);
    this.changed();
  }

  /** Begin a new step although the next change is about the same. */
  pause() { this.last = ''; }

  undo() { this.#swap(this.past, this.future); }

  redo() { this.#swap(this.future, this.past); }

  #swap(from, to) {
    if (!from.length) return;
    to.push(copy(this.sheet));
    this.sheet = from.pop();
    this.last = '';
    this.changed();
  }

  /** The server's answer to a save: ids that it gave to new rows and columns, in their order; a row is named by what it says. */
  adopt(saved) {
    for (const part of ['inputs', 'outputs']) {
      if (saved[part].length === this.sheet[part].length) this.sheet[part].forEach((column, place) => { column.id ||= saved[part][place].id; });
    }
    if (saved.rows.length !== this.sheet.rows.length) return;
    this.sheet.rows.forEach((row, place) => {
      if (!row.id || row.id === row.was) row.id = saved.rows[place].id;
      if (row.id === saved.rows[place].id) row.was = row.id;
    });
  }

  /** Go on from `sheet`, which others had a part in: what was before cannot be come back to by undoing. */
  take(sheet) {
    Object.assign(this, { sheet, past: [], future: [], last: '' });
  }

  /** Where the row and column at `place` of the sheet `before` stand now, as {row, column}; null where one is gone. */
  found(before, { row, column }) {
    const line = before.rows[row];
    const old = columnsOf(before)[column];
    const known = (id) => (id ? this.sheet.rows.findIndex((one) => one.id === id) : -1);
    const now = {
      row: row < 0 ? row : [line?.id, line?.was].map(known).find((at) => at >= 0) ?? null,
      column: column < 0 ? column : this.columns.findIndex((item) => old?.column.id && item.part === old.part && item.column.id === old.column.id),
    };
    return now.row === null || (column >= 0 && now.column < 0) ? null : now;
  }

  get columns() {
    return columnsOf(this.sheet);
  }

  setCell(row, part, place, text) {
    this.step(`cell ${row} ${part} ${place}`, (sheet) => { sheet.rows[row][part][place] = text; });
  }

  setRow(row, key, value) { this.step(`row ${row} ${key}`, (sheet) => { sheet.rows[row][key] = value; }); }

  setColumn(part, place, key, value) { this.step(`column ${part} ${place} ${key}`, (sheet) => { sheet[part][place][key] = value; }); }

  setTable(key, value) { this.step(`table ${key}`, (sheet) => { sheet[key] = value; }); }

  addRow(at, like) {
    const empty = { id: '', was: '', description: '', inputs: this.sheet.inputs.map(() => '-'), outputs: this.sheet.outputs.map(() => 'null') };
    this.step('', (sheet) => sheet.rows.splice(at, 0, like ? { ...copy(like), id: '', was: '' } : empty));
  }

  moveRow(from, to) {
    if (to < 0 || to >= this.sheet.rows.length) return;
    this.step('', (sheet) => sheet.rows.splice(to, 0, ...sheet.rows.splice(from, 1)));
  }

  removeRow(at) { this.step('', (sheet) => sheet.rows.splice(at, 1)); }

  addColumn(part, at, column) {
    this.step('', (sheet) => {
      sheet[part].splice(at, 0, column);
      sheet.rows.forEach((row) => row[part].splice(at, 0, part === 'inputs' ? '-' : 'null'));
    });
  }

  moveColumn(part, from, to) {
    if (to < 0 || to >= this.sheet[part].length) return;
    this.step('', (sheet) => {
      sheet[part].splice(to, 0, ...sheet[part].splice(from, 1));
      sheet.rows.forEach((row) => row[part].splice(to, 0, ...row[part].splice(from, 1)));
    });
  }

  removeColumn(part, at) {
    this.step('', (sheet) => {
      sheet[part].splice(at, 1);
      sheet.rows.forEach((row) => row[part].splice(at, 1));
    });
  }
}
