// The data of a process as its file says them: names with types, what each means, and where in the diagram it is used.
import { t } from '../../shell/common.js';
import { extensionOf, propertiesOf, wordsOf } from './extensions.js';

/** The declared data of `process` as rows {name, type, zh, en, example, out, spare}. */
export function rowsOf(process) {
  const has = propertiesOf(process);
  const said = meaningsOf(has.meanings);
  const [out, spare] = [wordsOf(has.outputs), wordsOf(has.optional)];
  return (has.variables ?? '').replaceAll('，', ',').split(',').map((part) => part.split(':').map((word) => word.trim())).filter(([name]) => name)
    .map(([name, type]) => ({ name, type: type || 'any', zh: '', en: '', example: '', ...said[name], out: out.includes(name), spare: spare.includes(name) }));
}

/** The properties that say `rows` instead of `before`; what else stands in outputs and optional stays. */
export function saidOf(process, before, rows) {
  const has = propertiesOf(process);
  const old = new Set(before.map(({ name }) => name));
  const words = (text, which) => [...wordsOf(text).filter((word) => !old.has(word)), ...rows.filter((row) => row[which]).map(({ name }) => name)].join(' ');
  const same = (text, which) => before.filter((row) => row[which]).map(({ name }) => name).join() === rows.filter((row) => row[which]).map(({ name }) => name).join() ? text : words(text, which);
  return {
    variables: rows.map(({ name, type }) => `${name}: ${type}`).join(', '),
    meanings: rows.filter(({ zh, en, example }) => zh || en || example).map(({ name, zh, en, example }) => `${name}: ${[zh, en, example].map(plain).join(' | ').replace(/[\s|]+$/, '')}`).join('; '),
    outputs: same(has.outputs, 'out'),
    optional: same(has.optional, 'spare'),
  };
}

// What parts the entries in the file is written in its wide form inside them.
const plain = (text) => text.replaceAll(';', '；').replaceAll('|', '｜').replace(/\s+/g, ' ').trim();

function meaningsOf(text) {
  const found = {};
  for (const part of (text ?? '').split(';')) {
    const at = part.indexOf(':');
    const [zh = '', en = '', example = ''] = part.slice(at + 1).split('|').map((word) => word.trim());
    if (at > 0) found[part.slice(0, at).trim()] = { zh, en, example };
  }
  return found;
}

/** The elements of `process` that give the value `name` and those that read it: {givers, readers}. */
export function usesOf(modeler, process, name, choices) {
  const inside = (holder) => { for (let at = holder; at; at = at.$parent) if (at === process) return true; return false; };
  const elements = modeler.get('elementRegistry').filter(({ businessObject, labelTarget, waypoints, parent }) => parent && !labelTarget && businessObject !== process && inside(businessObject) && (waypoints ? businessObject.$type === 'bpmn:SequenceFlow' : true));
  const givers = elements.filter(({ businessObject }) => givenBy(businessObject, choices).includes(name));
  const word = new RegExp(`(?<![\\p{L}\\p{N}_.])${name.replace(/[^\p{L}\p{N}_]/gu, '')}(?![\\p{L}\\p{N}_])`, 'u');
  return { givers, readers: elements.filter((element) => !givers.includes(element) && [...textsOf(element.businessObject)].some((text) => word.test(text))) };
}

/** What `row` is called where nobody says what it means: the field of a form that gives it, else the step that does. */
export function impliedOf(row, givers, choices) {
  for (const { businessObject } of givers) {
    const { form, routes } = propertiesOf(businessObject);
    const label = wordsOf(routes).includes(row.name) && choices.forms.find(({ id }) => id === form)?.labels?.[row.name];
    if (label) return label;
  }
  const name = givers.find(({ businessObject }) => businessObject.name)?.businessObject.name;
  return name ? t(`“${name}”的结果`, `what “${name}” gives`) : '';
}

/** The names that an element gives to the process. */
function givenBy(holder, choices) {
  const has = propertiesOf(holder);
  const loop = holder.loopCharacteristics;
  const caught = (holder.eventDefinitions ?? [holder]).map((definition) => extensionOf(definition, 'MessageVariable')?.value);
  const called = choices.processes.find(({ id }) => id === holder.calledElement)?.outputs ?? [];
  return [extensionOf(holder, 'ServiceTaskOperator')?.resultVariable, has.resultVariable, ...wordsOf(has.routes), ...caught, has.loop_into, loop?.inputDataItem?.id, loop?.outputDataItem?.id, ...called].filter(Boolean);
}

const ELSEWHERE = new Set(['$parent', 'id', 'name', 'incoming', 'outgoing', 'sourceRef', 'targetRef', 'attachedToRef', 'flowElements', 'lanes', 'di', 'processRef', 'default', 'flowNodeRef']);

/** Every text that an element says of itself, without what it is called. */
function* textsOf(holder, seen = new Set()) {
  if (typeof holder === 'string') yield holder;
  if (!holder || typeof holder !== 'object' || seen.has(holder)) return;
  seen.add(holder);
  for (const [key, value] of Object.entries(holder)) {
    if (ELSEWHERE.has(key) || key.startsWith('$')) continue;
    for (const one of Array.isArray(value) ? value : [value]) yield* textsOf(one, seen);
  }
}
