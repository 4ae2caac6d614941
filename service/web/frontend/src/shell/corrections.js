// What a form was refused for is settled once it is answered: its mark goes, and its line in the list above the form.
import { t } from './common.js';

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
  const folded = others?.querySelectorAll('li').length;
  if (folded) others.querySelector('summary').textContent = t(`其余 ${folded} 处`, `${folded} more`);
  else others?.remove();
}

/** Settle what is answered otherwise; what is typed in steps is judged as it is typed, a file once it is taken. */
export function corrections() {
  document.addEventListener('change', ({ target }) => {
    const said = target.closest('.has-error')?.querySelector('.field-error[id$="-error"]');
    if (said && !target.matches('[data-steps], [type="file"]') && target.value?.trim()) settle(said.id.slice(0, -'-error'.length));
  });
}
