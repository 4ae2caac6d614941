// Which items of a score sheet have no value yet, and which one that does not count, named beside the sums; each name leads to its field.
import { fresh, make, t } from '../shell/common.js';
import { wrong } from './steps.js';

const NAMED = 6; // at most: as many as fit into the line

/** The number of the item that a field scores, such as 4.1.2. */
export const nameOf = (field) => field.closest('fieldset')?.querySelector('legend')?.textContent.trim().split(/\s/)[0] ?? '';

// While it is being typed a value is not told to be wrong: 4 may become 40. One that was refused and only looked at is.
const reason = (field) => (field === document.activeElement && field.value !== field.sent ? '' : wrong(field));

// Words that a percentage asks for where the sheet says that it wants them; which and when the server says.
const askedWords = (form) => JSON.parse(form.querySelector('[data-asked-words]')?.dataset.askedWords ?? '[]');

// The words of a score's item that are asked for and not written yet; each says at its label that it is.
function unwritten(field, form, words) {
  const percent = field.value.trim() && !wrong(field) ? parseInt(field.value.normalize('NFKC'), 10) : NaN;
  return words.flatMap(({ field: key, zh, en, least, below }) => {
    const text = form.elements.namedItem(field.name.replace(/percent$/, key));
    if (!text) return [];
    const asked = percent >= least && percent < below;
    const lacks = asked && !text.value.trim();
    const label = text.labels?.[0];
    const told = label?.querySelector('.required') ?? label?.appendChild(make('span', { className: 'required' }));
    if (told) told.textContent = asked ? t(' 必填', ' required') : '';
    text.setAttribute('aria-required', String(asked));
    return lacks ? [{ field: text, name: t(`${nameOf(field)}（${zh}）`, `${nameOf(field)} (${en})`) }] : [];
  });
}

function listed(fields, lead, named) {
  const links = fields.slice(0, named).map(({ field, name }) => make('a', { href: `#${field.id}`, textContent: name }));
  return fields.length ? [lead, ...links.flatMap((link) => [link, ' ']), ...(fields.length > named ? [t('等 ', '… ')] : [])] : [];
}

function draw(line, beside, form) {
  const scores = [...form.querySelectorAll('[data-steps]')];
  const wanted = Boolean(form.querySelector('#r-wanted .prose'));
  const words = askedWords(form);
  const refused = scores.filter(reason).map((field) => ({ field, name: t(`${nameOf(field)}（${reason(field)}）`, `${nameOf(field)} (${reason(field)})`) }));
  const empty = scores.flatMap((field) => {
    const without = !field.value.trim() || (wrong(field) && !reason(field)) ? [{ field, name: nameOf(field) }] : [];
    return wanted ? [...without, ...unwritten(field, form, words)] : without;
  });
  const [first] = [...refused.map(({ field }) => ({ field, name: nameOf(field) })), ...empty]; // why is said in the line and at the field
  const left = refused.length + empty.length;
  beside.replaceChildren(...(first ? [t(`还有 ${left} 项没有填好，先填：`, `${left} to fill in first: `), ...listed([first], '', 1)] : []));
  const whole = wanted ? t('各项都已评分并写明', 'Every item has a value and its words') : t('各项都已评分', 'Every item has a value');
  line.classList.remove('is-wrapped');
  for (let named = NAMED; named === NAMED || (named > 0 && line.scrollWidth > line.clientWidth); named -= 1) {
    const parts = [
      ...listed(refused, t(`${refused.length} 项需改：`, `${refused.length} to correct: `), named),
      ...listed(empty, t(`还缺 ${empty.length} 项：`, `${empty.length} missing: `), named),
    ];
    line.replaceChildren(...(parts.length ? parts : [whole]));
    line.classList.toggle('is-whole', !parts.length);
  }
  line.classList.toggle('is-wrapped', line.scrollWidth > line.clientWidth); // cut off it would not say what to mend
}

export function missing(root) {
  for (const sums of fresh(root, '#f-sums', 'Missing')) {
    const form = sums.closest('form');
    if (!form?.querySelector('[data-steps]')) continue;
    const line = make('p', { className: 'sheet-missing' });
    sums.append(line);
    const beside = make('span', { className: 'submit-lacks' }); // what would refuse the sheet stands beside the button, too
    form.querySelector('.action-bar [name=do][value=submit]')?.before(beside);
    for (const told of [line, beside]) {
      told.addEventListener('click', (event) => {
        const field = event.target.closest('a') && document.getElementById(event.target.hash.slice(1));
        if (!field) return;
        event.preventDefault();
        field.focus();
        field.scrollIntoView({ block: 'center' });
      });
    }
    for (const kind of ['input', 'change', 'focusout']) form.addEventListener(kind, () => setTimeout(() => draw(line, beside, form)));
    form.addEventListener('recount', () => draw(line, beside, form)); // keys come before what is timed: who reads it asks for it
    draw(line, beside, form);
  }
}
