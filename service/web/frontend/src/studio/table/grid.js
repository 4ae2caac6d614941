// The table as a grid: arrows move, Enter opens the cell beside.
import { make, t } from '../../shell/common.js';
import { clausesOf, shown } from './cells.js';

const SHORT = 24;

/** Draw the grid of `model` into `parent`; `choices` are the words of columns by their name; `pick(place)` is called with {row, column} (column −1: the row, row −1: the head). Who only reads opens a long formula. */
export class Grid {
  constructor(parent, model, { choices, editable }, pick) {
    Object.assign(this, { model, choices, editable, pick });
    this.at = { row: 0, column: 0 };
    this.answer = null;
    this.box = make('div', { className: 'table-scroll sheet-scroll' });
    parent.append(this.box);
    this.box.addEventListener('keydown', (event) => this.#key(event));
    this.box.addEventListener('focusin', ({ target: { dataset } }) => { if (dataset.row !== undefined) this.at = { row: Number(dataset.row), column: Number(dataset.column) }; });
    this.box.addEventListener('click', (event) => {
      const cell = event.target.closest('[data-row]');
      if (cell) this.#choose(Number(cell.dataset.row), Number(cell.dataset.column));
    });
  }

  draw() {
    const held = this.box.contains(document.activeElement);
    const { sheet, columns } = this.model;
    const last = columns.length - 1;
    this.at = { row: Math.max(-1, Math.min(this.at.row, sheet.rows.length - 1)), column: Math.max(-1, Math.min(this.at.column, last)) };
    const table = make('table', { className: 'decision-sheet' });
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-label', sheet.name);
    table.setAttribute('aria-rowcount', sheet.rows.length + 1);
    const head = make('tr', {}, this.#head(t('行', 'Row'), -1), ...columns.map((item, place) => this.#head(item.column.label || item.column.name, place, item)));
    table.append(make('thead', {}, head), make('tbody', {}, ...sheet.rows.map((row, number) => this.#row(row, number, columns))));
    this.box.replaceChildren(table);
    this.mark();
    this.settle();
    if (held) this.focus();
  }

  focus() { this.#cell(this.at.row, this.at.column)?.focus(); }

  /** Go to a cell by ids and open it. */
  show(row, column) {
    const number = this.model.sheet.rows.findIndex((one) => one.id === row);
    const place = this.model.columns.findIndex((item) => item.column.id === column);
    this.#choose(number, place);
  }

  /** Show which rows and cells are wrong. */
  mark(answer = this.answer) {
    this.answer = answer;
    const { sheet, columns } = this.model;
    const faults = answer?.faults ?? [];
    sheet.rows.forEach((row, number) => {
      const line = this.#cell(number, -1)?.parentElement;
      if (!line) return;
      line.dataset.bad = faults.some((fault) => fault.row === row.id && !fault.column) ? 'yes' : '';
      columns.forEach((item, place) => {
        const wrong = faults.filter((fault) => fault.row === row.id && fault.column === item.column.id);
        const cell = this.#cell(number, place);
        cell.dataset.bad = wrong.some((fault) => fault.severity === 'error') ? 'error' : wrong.length ? 'warning' : '';
        if (wrong.length) cell.setAttribute('aria-invalid', 'true'); else cell.removeAttribute('aria-invalid');
      });
    });
    columns.forEach((item, place) => {
      this.#cell(-1, place).dataset.bad = faults.some((fault) => !fault.row && fault.column === item.column.id) ? 'error' : '';
    });
  }

  #head(label, place, item) {
    const cell = make('th', { tabIndex: -1 }, make('span', { textContent: label }));
    cell.setAttribute('role', 'columnheader');
    cell.dataset.row = -1;
    cell.dataset.column = place;
    if (item) {
      cell.dataset.part = item.part;
      cell.append(make('span', { className: 'sheet-kind', textContent: item.part === 'inputs' ? t('条件', 'condition') : t('结果', 'result') }));
    }
    return cell;
  }

  #row(row, number, columns) {
    const head = make('th', { tabIndex: -1 },
      make('span', { className: 'sheet-number', textContent: number + 1 }), make('span', { className: 'sheet-said', textContent: row.description || row.id || t('（新行）', '(new row)') }));
    head.setAttribute('role', 'rowheader');
    head.dataset.row = number;
    head.dataset.column = -1;
    return make('tr', {}, head, ...columns.map((item, place) => this.#data(row[item.part][item.place] ?? '', item, number, place)));
  }

  #data(text, item, number, place) {
    const { text: whole, kind } = shown(text, { condition: item.part === 'inputs' });
    const words = kind === 'formula' && !this.editable && whole.length > SHORT ? t('按公式得出，点开查看', 'By a formula: open it') : whole;
    const chosen = this.choices[item.column.name]?.find((one) => one.value === words);
    const clauses = item.column.name === 'clauses' ? clausesOf(text) : null;
    const inside = clauses?.length ? clauses.map((clause) => make('span', { className: 'sheet-clause', textContent: clause })) : [make('span', { className: 'sheet-text', textContent: chosen ? t(chosen.label.zh, chosen.label.en) : words })];
    const cell = make('td', { tabIndex: -1 }, ...inside);
    cell.setAttribute('role', 'gridcell');
    Object.assign(cell.dataset, { row: number, column: place, kind, name: item.column.name });
    return cell;
  }

  #cell(row, column) { return this.box.querySelector(`[data-row="${row}"][data-column="${column}"]`); }

  #choose(row, column) {
    this.#move(row, column);
    this.pick({ row, column });
  }

  #move(row, column) {
    const cell = this.#cell(row, column);
    if (!cell) return;
    this.box.querySelectorAll('[tabindex="0"], [aria-selected]').forEach((old) => { old.tabIndex = -1; old.removeAttribute('aria-selected'); });
    this.at = { row, column };
    cell.tabIndex = 0;
    cell.setAttribute('aria-selected', 'true');
    cell.focus();
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Bring the chosen cell above what covers the lower `height` of the window. */
  clear(height) {
    const cell = this.#cell(this.at.row, this.at.column);
    cell.style.scrollMarginBlockEnd = `${height + 16}px`;
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Make the chosen cell the one that Tab reaches, without taking the focus. */
  settle() {
    const cell = this.#cell(this.at.row, this.at.column) ?? this.#cell(-1, -1);
    if (cell) { cell.tabIndex = 0; cell.setAttribute('aria-selected', 'true'); }
  }

  #key(event) {
    if (event.isComposing) return;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const { row, column } = this.at;
    if (steps[event.key] && !event.altKey && !event.ctrlKey) this.#move(row + steps[event.key][0], column + steps[event.key][1]);
    else if (event.key === 'Home') this.#move(row, -1);
    else if (event.key === 'End') this.#move(row, this.model.columns.length - 1);
    else if (event.key === 'Enter' || event.key === 'F2') this.pick({ row, column, enter: true });
    else return;
    event.preventDefault();
  }
}
