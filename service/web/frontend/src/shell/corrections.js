// What a form was refused for is settled once it is answered: its mark goes, and its line in the list above the form.
import { t } from './common.js';

const MOST_OPEN = 8; // so many stand open, as on the page that lists them

function heading(all, missing) {
  const both = 0 < missing && missing < all;
  return t(`有 ${all} 处需要改正`, `${all} to correct`) + (both ? t(`：未填 ${missing} 处，填错 ${all - missing} 处`, `: ${missing} missing, ${all - missing} wrong`) : '');
}

/** Take away what was said of the field `id`. */
export function settle(id) {
  const said = document.getElementById(`${id}-error`);
  if (!said) return;
  const field = said.closest('.has-error');
  said.remove();
  document.getElementById(id)?.removeAttribute('aria-invalid');
  for (const control of field?.querySelectorAll('[aria-invalid]') ?? []) control.removeAttribute('aria-invalid');
  field?.classList.remove('has-error');
  const summary = document.querySelector('.error-summary');
  const lines = [...summary?.querySelectorAll('li') ?? []];
  const left = lines.filter((line) => { const about = line.querySelector('a')?.hash === `#${id}`; if (about) line.remove(); return !about; });
  if (summary && !left.length) summary.remove();
  else if (left.length < lines.length) summary.querySelector('h2').textContent = heading(left.length, left.filter((line) => 'missing' in line.dataset).length);
  const others = summary?.querySelector('details');
  if (!others) return;
  const folded = [...others.querySelectorAll('li')];
  if (folded.length && left.length > MOST_OPEN) others.querySelector('summary').textContent = t(`其余 ${folded.length} 处`, `${folded.length} more`);
  else { summary.querySelector('ul').append(...folded); others.remove(); }
}

let isPressed = false;
const postponed = new Set();

// What is pressed stays under the pointer until it is let go: a line that went meanwhile would move it away.
function watchPresses() {
  addEventListener('pointerdown', () => { isPressed = true; }, true);
  for (const kind of ['pointerup', 'pointercancel']) addEventListener(kind, () => setTimeout(letGo), true);
}

function letGo() {
  isPressed = false;
  postponed.forEach(settle);
  postponed.clear();
}

/** Settle what is answered otherwise; what is typed in steps is judged as it is typed, a file once it is taken. */
export function corrections() {
  watchPresses();
  document.addEventListener('change', ({ target }) => {
    const said = target.closest('.has-error')?.querySelector('.field-error[id$="-error"]');
    if (said && !target.matches('[data-steps], [type="file"]') && target.value?.trim()) (isPressed ? (id) => postponed.add(id) : settle)(said.id.slice(0, -'-error'.length));
  });
}
