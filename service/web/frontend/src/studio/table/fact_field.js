// A fact that a table is tried on, as a field of its kind: a text without quotation marks, a number, a day, yes or no; or
// as the formula it is. Nothing typed means that it has no value.
import { make, t } from '../../shell/common.js';
import { feelField } from '../feel/field.js';

const DAY = /^\d{4}-\d\d-\d\d$/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const NONE = { zh: '没有值', en: 'no value' };
const YES = [{ value: 'true', label: { zh: '是', en: 'yes' } }, { value: 'false', label: { zh: '否', en: 'no' } }];
const say = (both) => t(both.zh, both.en);
const KINDS = { string: 'text', number: 'number', boolean: 'yes', date: 'date' };

/** What stands in the field of a value: its kind and its words; null where only a formula says it. */
export function plainly(feel, type) {
  if (feel === 'null') return KINDS[type] ? { kind: KINDS[type], text: '' } : null;
  if (feel === 'true' || feel === 'false') return { kind: 'yes', text: feel };
  if (NUMBER.test(feel)) return { kind: 'number', text: feel };
  if (DAY.test(feel)) return { kind: 'date', text: feel, bare: true };
  try {
    const text = feel.startsWith('"') ? JSON.parse(feel) : null;
    return text === null ? null : { kind: type === 'date' || DAY.test(text) ? 'date' : 'text', text };
  } catch { return null; }
}

/** The value as FEEL: a number that is none stays as it is typed, so that it is told what is wrong with it. */
export function asFeel(kind, text, bare) {
  const said = text.trim();
  if (!said) return 'null';
  if (kind === 'number' || kind === 'yes') return said;
  return kind === 'date' && bare ? `date(${JSON.stringify(said)})` : JSON.stringify(said);
}

/**
 * A field for a fact with its value; `offered` are texts to choose from, `urls` {words, check} help with a formula, `changed(feel)`
 * is called as one types.
 */
export function factField({ fact, feel, label, offered, urls, changed }) {
  const held = plainly(feel, fact.type);
  const box = make('span', { className: 'fact' });
  if (held) asField(box, { ...held, feel }); else asFormula(box, feel);
  return box;

  function asField(box, { kind, text, bare }) {
    const words = kind === 'yes' ? YES : choicesFor(kind, text);
    const field = words ? make('select', {}, ...[{ value: '', label: NONE }, ...words].map((one) => new Option(say(one.label), one.value))) : make('input', { autocomplete: 'off', maxLength: 2000, placeholder: kind === 'date' ? t('没有值，例如 2026-06-05', 'no value, such as 2026-06-05') : t('没有值', 'no value') });
    field.value = text;
    if (!words) field.inputMode = { number: 'decimal', date: 'numeric' }[kind] ?? 'text';
    dressed(field, () => asFeel(kind, field.value, bare));
    const names = make('datalist', { id: `offered-${fact.path}` }, ...(kind === 'text' && !words ? offered : []).map((one) => new Option(one)));
    if (names.children.length) field.setAttribute('list', names.id);
    const turn = make('button', { type: 'button', className: 'btn btn-small', textContent: 'ƒ', title: t('按公式填写', 'Write a formula') });
    turn.setAttribute('aria-label', t(`${label}：按公式填写`, `${label}: write a formula`));
    turn.addEventListener('click', () => asFormula(box, asFeel(kind, field.value, bare)).focus());
    box.replaceChildren(field, names, turn);
  }

  /** What the form offers, where the value is one of it or there is none. */
  function choicesFor(kind, text) {
    const { choices = [] } = fact;
    return kind === 'text' && choices.length && (!text || choices.some((one) => one.value === text)) ? choices : null;
  }

  function asFormula(box, written) {
    box.replaceChildren();
    return feelField({
      parent: box, value: written, label, wordsUrl: urls.words, checkUrl: urls.check,
      onChange: (text) => changed(same(text) ? fact.value : text),
    });
  }

  function dressed(field, said) {
    const look = () => {
      field.classList.toggle('is-null', said() === 'null');
      field.classList.toggle('is-changed', !same(said()));
    };
    field.setAttribute('aria-label', label);
    field.addEventListener(field.localName === 'select' ? 'change' : 'input', () => { changed(same(said()) ? fact.value : said()); look(); });
    look();
  }

  /** Whether nothing was changed: a day that the record holds as such is shown without the words around it. */
  function same(said) {
    const first = plainly(fact.value, fact.type);
    return said.trim() === fact.value || (first && said === asFeel(first.kind, first.text, first.bare));
  }
}
