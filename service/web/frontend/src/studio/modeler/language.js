// The words of the library in Chinese; what a table lacks is kept, so that a test can say so.
import words from 'bpmn-js-i18n-zh/lib/bpmn-js';
import own from '../zh/modeler.json';

const TABLE = { ...words, ...own };
/** Sentences that no table had, as they were asked for. */
export const untranslated = new Set();

function translate(sentence, replacements = {}) {
  if (!(sentence in TABLE)) untranslated.add(sentence);
  return (TABLE[sentence] ?? sentence).replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);
}

export const Chinese = { translate: ['value', translate] };
