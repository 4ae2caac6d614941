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

function draw(line, form) {
  const empty = [...form.querySelectorAll('[data-steps]')].filter((field) => !field.value.trim() || wrong(field));
  const words = empty.length ? t(`还缺 ${empty.length} 项：`, `${empty.length} missing: `) : t('各项都已评分', 'Every item has a value');
  const links = empty.slice(0, NAMED).map((field) => make('a', { href: `#${field.id}`, textContent: named(field) }));
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
