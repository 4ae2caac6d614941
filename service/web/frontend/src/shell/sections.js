// A long form: its sections above it, each with how many of its required fields are filled in; citations are one stop a section.
import { fresh, make, t } from './common.js';

const LEAST = 4; // sections of a form worth a list
const CITED = '.cite > .why-term, a.cite';

const sectionsOf = (body) => [...body.querySelectorAll(':scope > .fields > fieldset.group, :scope > .fields > .region > fieldset.group')];

function isFilled(field) {
  if (field.type === 'file') return Boolean(field.closest('.upload').querySelector('.upload-list li'));
  return field.type === 'checkbox' ? field.checked : Boolean(field.value.trim());
}

/** Whether each of what has to be answered is: fields, and questions with choices. */
function answers(section) {
  const questions = [...section.querySelectorAll('fieldset.field:has(> legend > .required)')].map((one) => Boolean(one.querySelector(':checked')));
  return [...[...section.querySelectorAll('[aria-required=true]')].map(isFilled), ...questions];
}

const titleOf = (section) => section.querySelector('legend').firstChild.textContent.trim();

function entry(section) {
  const all = answers(section);
  const done = all.filter(Boolean).length;
  const link = make('a', { href: `#${section.id}`, className: all.length && done === all.length ? 'is-whole' : '' }, titleOf(section));
  if (all.length) link.append(' ', make('span', { className: 'count', textContent: `${done}/${all.length}` }));
  return { done, wanted: all.length, item: make('li', {}, link) };
}

class Sections {
  constructor(form) {
    this.form = form;
    this.line = make('nav', { className: 'form-sections' });
    this.line.setAttribute('aria-label', t('各部分填写情况', 'How far each part is filled in'));
    form.querySelector('.form-body').before(this.line);
    for (const kind of ['input', 'change', 'htmx:afterSwap']) form.addEventListener(kind, () => this.later());
    this.draw();
  }

  later() {
    cancelAnimationFrame(this.next);
    this.next = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const entries = sectionsOf(this.form.querySelector('.form-body')).map(entry);
    const [done, wanted] = ['done', 'wanted'].map((key) => entries.reduce((sum, one) => sum + one[key], 0));
    this.line.replaceChildren(make('strong', { textContent: t(`必填 ${done}/${wanted}`, `Required ${done}/${wanted}`) }), make('ol', {}, ...entries.map((one) => one.item)));
  }
}

const citedIn = (section) => [...section.querySelectorAll(CITED)];

function turn(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const body = step && event.target.matches?.(CITED) && event.target.closest('.form-body');
  if (!body) return;
  const all = citedIn(sectionsOf(body).find((one) => one.contains(event.target)) ?? body);
  const next = all[all.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function sections(root) {
  for (const body of root.querySelectorAll('.form-body')) {
    for (const section of sectionsOf(body)) citedIn(section).forEach((one, at) => { one.tabIndex = at ? -1 : 0; });
  }
  for (const form of fresh(root, 'form[data-autosave-url]', 'Sections')) {
    const body = form.querySelector('.form-body:not(.read-only)');
    if (body && !body.querySelector('[data-steps], .findings-bar') && sectionsOf(body).length >= LEAST) new Sections(form);
  }
  if (root === document) document.addEventListener('keydown', turn);
}
