// A long form: its sections above it, each with how many of its required fields are filled in and how many entries are wrong;
// citations are one stop a section. Once a form was refused, a phone shows its first section with an error alone, the others closed.
import { fresh, isNarrow, make, t } from './common.js';

const LEAST = 4; // sections of a form worth a list
const CITED = '.cite > .why-term, a.cite';

const sectionsOf = (root) => [...root.querySelectorAll('.form-body > .fields > fieldset.group, .form-body > .fields > .region > fieldset.group')];

function isFilled(field) {
  if (field.type === 'file') return Boolean(field.closest('.upload').querySelector('.upload-list li'));
  return field.type === 'checkbox' ? field.checked : Boolean(field.value.trim());
}

/** Whether each of what has to be answered is: fields, and questions with choices. */
function answers(section, wrong) {
  const questions = [...section.querySelectorAll('fieldset.field:has(> legend > .required)')].map((one) => !wrong.has(one.id) && Boolean(one.querySelector(':checked')));
  return [...[...section.querySelectorAll('[aria-required=true]')].map((one) => !wrong.has(one.id) && isFilled(one)), ...questions];
}

const titleOf = (section) => section.querySelector('legend').firstChild.textContent.trim();
const toCorrect = (count) => make('span', { className: 'to-correct', textContent: t(`填错 ${count} 处`, `${count} wrong`) });

function entry(section, wrong) {
  const all = answers(section, wrong);
  const done = all.filter(Boolean).length;
  const refused = [...wrong].filter((id) => section.querySelector(`[id="${id}"]`)).length;
  const link = make('a', { href: `#${section.id}`, className: all.length && done === all.length && !refused ? 'is-whole' : '' }, titleOf(section));
  if (all.length) link.append(' ', make('span', { className: 'count', textContent: `${done}/${all.length}` }));
  if (refused) link.append(' ', toCorrect(refused));
  return { done, wanted: all.length, refused, item: make('li', {}, link) };
}

const errorsIn = (section) => section.querySelectorAll('.field-error').length;

function fold(section) {
  const legend = section.querySelector('legend');
  const errors = errorsIn(section);
  const open = make('button', { type: 'button', className: 'btn btn-small', textContent: t('展开', 'Open') });
  if (errors) legend.append(' ', toCorrect(errors));
  open.addEventListener('click', () => unfold(section));
  legend.append(' ', open);
  section.classList.add('is-folded');
}

function unfold(section) {
  section?.classList.remove('is-folded');
  section?.querySelectorAll('legend > :is(.btn, .to-correct)').forEach((one) => one.remove());
}

class Sections {
  constructor(form) {
    this.form = form;
    this.line = make('nav', { className: 'form-sections' });
    this.line.setAttribute('aria-label', t('各部分填写情况', 'How far each part is filled in'));
    form.querySelector('.form-body').before(this.line);
    for (const kind of ['input', 'change', 'htmx:afterSwap', 'judged']) form.addEventListener(kind, () => this.later());
    this.draw();
    if (form.querySelector('.error-summary') && isNarrow()) {
      const first = sectionsOf(form).find(errorsIn);
      sectionsOf(form).filter((section) => section !== first).forEach(fold);
    }
    form.addEventListener('click', ({ target }) => unfold(document.getElementById(target.closest('a')?.hash.slice(1))?.closest('.is-folded')));
  }

  later() {
    cancelAnimationFrame(this.next);
    this.next = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const wrong = new Set(this.form.dataset.wrong?.split(' ').filter(Boolean));
    const entries = sectionsOf(this.form).map((section) => entry(section, wrong));
    const [done, wanted, refused] = ['done', 'wanted', 'refused'].map((key) => entries.reduce((sum, one) => sum + one[key], 0));
    const sums = make('strong', { textContent: wanted ? t(`必填 ${done}/${wanted}`, `Required ${done}/${wanted}`) : '' });
    if (refused) sums.append(' ', toCorrect(refused));
    sums.hidden = !wanted && !refused;
    this.line.replaceChildren(sums, make('ol', {}, ...entries.map((one) => one.item)));
  }
}

const citedIn = (section) => [...section.querySelectorAll(CITED)];

function turn(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const body = step && event.target.matches?.(CITED) && event.target.closest('.form-body');
  if (!body) return;
  const all = citedIn(sectionsOf(body.parentNode).find((one) => one.contains(event.target)) ?? body);
  const next = all[all.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function sections(root) {
  for (const section of sectionsOf(root)) citedIn(section).forEach((one, at) => { one.tabIndex = at ? -1 : 0; });
  for (const form of fresh(root, 'form[data-autosave-url]', 'Sections')) {
    const body = form.querySelector('.form-body:not(.read-only)');
    if (body && !body.querySelector('[data-steps], .findings-bar') && sectionsOf(form).length >= LEAST) new Sections(form);
  }
  if (root === document) document.addEventListener('keydown', turn);
}
