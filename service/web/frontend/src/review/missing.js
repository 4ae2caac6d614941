// Which items of a score sheet have no value yet, or none that counts, named beside the sums; each name leads to its field.
import { fresh, make, t } from '../shell/common.js';
import { wrong } from './steps.js';

const NAMED = 6;

const nameOf = (field) => field.closest('fieldset')?.querySelector('legend')?.textContent.trim().split(/\s/)[0] ?? '';

// While it is being typed a value is not told to be wrong: 4 may become 40.
const named = (field) => {
  const why = field === document.activeElement ? '' : wrong(field);
  return why ? t(`${nameOf(field)}（${why}）`, `${nameOf(field)} (${why})`) : nameOf(field);
};

// Words that a percentage asks for where the sheet says that it wants them: strengths from 50 on, what to improve below 100.
const WORDS = [
  { key: 'strengths', zh: '优势', en: 'strengths', asks: (percent) => percent >= 50 },
  { key: 'improvements', zh: '改进机会', en: 'to improve', asks: (percent) => percent < 100 },
];

// The words of a score's item that are asked for and not written yet; each says at its label that it is.
function unwritten(field, form) {
  const percent = field.value.trim() && !wrong(field) ? parseInt(field.value.normalize('NFKC'), 10) : NaN;
  return WORDS.flatMap(({ key, zh, en, asks }) => {
    const text = form.elements.namedItem(field.name.replace(/percent$/, key));
    if (!text) return [];
    const lacks = asks(percent) && !text.value.trim();
    const label = text.labels?.[0];
    const told = label?.querySelector('.required') ?? label?.appendChild(make('span', { className: 'required' }));
    if (told) told.textContent = asks(percent) ? t(' 必填', ' required') : '';
    text.setAttribute('aria-required', String(asks(percent)));
    return lacks ? [{ field: text, name: t(`${nameOf(field)}（${zh}）`, `${nameOf(field)} (${en})`) }] : [];
  });
}

function draw(line, form) {
  const scores = [...form.querySelectorAll('[data-steps]')];
  const wanted = Boolean(form.querySelector('#r-wanted .prose'));
  const empty = scores.flatMap((field) => {
    const without = !field.value.trim() || wrong(field) ? [{ field, name: named(field) }] : [];
    return wanted ? [...without, ...unwritten(field, form)] : without;
  });
  const whole = wanted ? t('各项都已评分并写明', 'Every item has a value and its words') : t('各项都已评分', 'Every item has a value');
  const words = empty.length ? t(`还缺 ${empty.length} 项：`, `${empty.length} missing: `) : whole;
  const links = empty.slice(0, NAMED).map(({ field, name }) => make('a', { href: `#${field.id}`, textContent: name }));
  const rest = empty.length > NAMED ? [t('等', '…')] : [];
  line.replaceChildren(words, ...links.flatMap((link) => [link, ' ']), ...rest);
  line.classList.toggle('is-whole', !empty.length);
}

export function missing(root) {
  for (const sums of fresh(root, '#f-sums', 'Missing')) {
    const form = sums.closest('form');
    if (!form?.querySelector('[data-steps]')) continue;
    const line = make('p', { className: 'sheet-missing' });
    sums.append(line);
    line.addEventListener('click', (event) => {
      const field = event.target.closest('a') && document.getElementById(event.target.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: 'center' });
    });
    for (const kind of ['input', 'change', 'focusout']) form.addEventListener(kind, () => setTimeout(() => draw(line, form)));
    draw(line, form);
  }
}
