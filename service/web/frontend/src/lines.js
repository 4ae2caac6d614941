// Lists that are sent as a text of lines, as rows with a field for each part. The text is what is sent, so nothing is lost
// without scripts or when the server refuses; what the fields cannot hold is left as the text it is.
import './lines/lines.css';
import { readLines, writeLines } from './lines/read.js';
import { make, t } from './shell/common.js';

const YES = [['true', t('是', 'yes')], ['false', t('否', 'no')]];
let offers = 0;

class Lines {
  constructor(area) {
    this.area = area;
    this.spec = JSON.parse(area.dataset.lines);
    this.label = document.querySelector(`label[for="${area.id}"]`);
    this.hint = document.getElementById(`${area.id}-hint`);
    this.list = make('div', { className: 'lines-rows' });
    this.box = make('div', { className: 'lines' }, this.list);
    this.box.setAttribute('role', 'group');
    this.box.setAttribute('aria-label', this.label?.firstChild?.textContent.trim() ?? '');
    this.adds = make('button', { type: 'button', className: 'btn btn-small', textContent: `＋ ${t('加一行', 'Add a row')}` });
    this.adds.addEventListener('click', () => this.add(this.rows.length));
    this.turns = make('button', { type: 'button', className: 'btn btn-small btn-quiet' });
    this.turns.addEventListener('click', () => (this.rows ? this.asText() : this.asRows(true)));
    this.said = make('span', { className: 'mute small' });
    this.said.setAttribute('role', 'status');
    area.after(this.box, make('p', { className: 'lines-acts' }, ...(this.spec.fixed ? [] : [this.adds]), ' ', this.turns, ' ', this.said));
    this.label?.addEventListener('click', (event) => { if (this.rows) { event.preventDefault(); this.fields(0)[0]?.focus(); } });
    area.addEventListener('input', () => { if (this.rows && !this.writing) this.asRows(false); });
    this.asRows(false);
  }

  /** Show the text as rows, where its lines can be read. */
  asRows(asked) {
    this.rows = readLines(this.area.value, this.spec);
    this.said.textContent = this.rows || !asked ? '' : t('有一行写得和别的不一样，只能按文字改。', 'A line is written otherwise: it can be changed as text alone.');
    if (this.rows && !this.rows.length && !this.spec.fixed) this.rows.push(this.empty());
    this.show();
  }

  asText() {
    this.rows = null;
    this.show();
    this.area.focus();
  }

  show() {
    const rows = Boolean(this.rows);
    this.box.hidden = !rows;
    this.adds.hidden = !rows;
    if (this.hint) this.hint.hidden = rows;
    this.turns.textContent = rows ? t('按文字改', 'Edit as text') : t('按行改', 'Edit as rows');
    this.area.classList.toggle('visually-hidden', rows);
    this.area.tabIndex = rows ? -1 : 0;
    if (rows) this.area.setAttribute('aria-hidden', 'true'); else this.area.removeAttribute('aria-hidden');
    if (rows) this.draw();
  }

  draw() { this.list.replaceChildren(this.heads(), ...this.rows.map((row, number) => this.row(row, number))); }

  heads() {
    const head = make('div', { className: 'lines-row lines-head' }, ...this.spec.columns.map(({ label }) => make('span', { textContent: label })), make('span', { className: 'lines-out' }));
    head.setAttribute('aria-hidden', 'true');
    return head;
  }

  row(row, number) {
    const fields = this.spec.columns.map((_, column) => this.cell(row, column, number));
    const line = make('div', { className: 'lines-row' }, ...fields);
    if (this.spec.fixed) return line;
    const out = make('button', { type: 'button', className: 'btn btn-small', textContent: '−' });
    out.setAttribute('aria-label', t(`删去第 ${number + 1} 行`, `Remove row ${number + 1}`));
    out.addEventListener('click', () => this.remove(number));
    line.append(make('span', { className: 'lines-out' }, out));
    return line;
  }

  /** What a cell holds: `kind` and `options`, by the word of the first column where these differ from row to row. */
  about(row, column) {
    const held = this.spec.columns[column];
    return { ...held, ...(column && this.spec.by?.[row[0].text]) };
  }

  cell(row, column, number) {
    const { kind, label, options = [], fixed } = this.about(row, column);
    const held = row[column];
    if (fixed) return make('span', { className: 'lines-name', textContent: options.find(([value]) => value === held.text)?.[1] ?? held.text });
    const named = kind === 'yes' ? YES : options;
    const field = kind === 'choice' || kind === 'yes' ? select(named, held.text) : input(kind, held.text, named);
    field.setAttribute('aria-label', t(`第 ${number + 1} 行：${label}`, `Row ${number + 1}: ${label}`));
    const take = () => {
      Object.assign(held, { was: held.was ?? held.quoted, quoted: undefined, text: field.value });
      if (this.spec.format === 'pairs') held.quoted = held.was && kind === 'text';
      this.write();
      if (!column && this.spec.by && field.localName === 'select') { this.draw(); this.fields(number)[0].focus(); }
    };
    field.addEventListener(field.localName === 'select' ? 'change' : 'input', take);
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing || this.spec.fixed) return;
      event.preventDefault();
      this.add(number + 1);
    });
    return make('span', { className: `lines-cell is-${kind}` }, make('span', { className: 'lines-label', textContent: label, ariaHidden: 'true' }), field, ...(field.offer ? [field.offer] : []));
  }

  fields(number) { return [...(this.list.children[number + 1]?.querySelectorAll('input, select') ?? [])]; }

  empty() { return this.spec.columns.map(() => ({ text: '' })); }

  add(number) {
    this.rows.splice(number, 0, this.empty());
    this.draw();
    this.fields(number)[0]?.focus();
  }

  remove(number) {
    this.rows.splice(number, 1);
    this.draw();
    this.write();
    (this.fields(Math.min(number, this.rows.length - 1))[0] ?? this.adds).focus();
  }

  write() {
    this.writing = true;
    this.area.value = writeLines(this.rows, this.spec, (row, column) => this.about(row, column).kind);
    this.area.dispatchEvent(new Event('input', { bubbles: true }));
    this.writing = false;
  }
}

function select(options, value) {
  const known = options.some(([one]) => one === value);
  const others = known || !value ? [] : [[value, value]];
  const field = make('select', {}, ...(options.some(([one]) => one === '') ? [] : [new Option('—', '')]), ...[...others, ...options].map(([one, words]) => new Option(words, one)));
  field.value = value;
  return field;
}

function input(kind, value, options) {
  const field = make('input', { value, autocomplete: 'off' });
  if (kind === 'number') Object.assign(field, { className: 'number', inputMode: 'decimal' });
  if (kind === 'date') Object.assign(field, { className: 'date', inputMode: 'numeric', placeholder: '2026-06-05' });
  if (options.length) {
    const list = make('datalist', { id: `lines-offer-${(offers += 1)}` }, ...options.map(([one, words]) => new Option(words, one)));
    field.setAttribute('list', list.id);
    field.offer = list;
  }
  return field;
}

for (const area of document.querySelectorAll('textarea[data-lines]')) new Lines(area);
