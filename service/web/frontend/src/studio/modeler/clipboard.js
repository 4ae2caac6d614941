// Copy and paste between diagrams, drafts and windows: what was copied is kept as text and made anew in the other one.
import { slotsOf, slotsText, wordsOf } from './extensions.js';
import { machine } from '../../shell/remembered.js';

const KEPT = 'laurel-diagram-clipboard';
const KEPT_CLAUSES = 'laurel-diagram-clauses';

class Clipboard {
  constructor(eventBus, moddle, copyPaste, clipboard) {
    this.clauses = [];
    eventBus.on('copyPaste.elementsCopied', ({ tree }) => {
      const text = JSON.stringify(tree);
      machine.set(KEPT, text);
      machine.set(KEPT_CLAUSES, JSON.stringify(this.clauses.filter(({ id }) => text.includes(id))));
    });
    const paste = copyPaste.paste.bind(copyPaste);
    copyPaste.paste = (context) => {
      const kept = machine.get(KEPT);
      if (!context?.tree && kept) clipboard.set(JSON.parse(kept, reviver(moddle)));
      return paste(context);
    };
  }
}
Clipboard.$inject = ['eventBus', 'moddle', 'copyPaste', 'clipboard'];

/** What the clauses say that were cited where it was copied, as {id, article, summary}. */
export const copiedClauses = () => JSON.parse(machine.get(KEPT_CLAUSES) ?? '[]');

/** Make elements of the model out of parsed JSON; one that stands in several places is made once. */
function reviver(moddle) {
  const known = new Map();
  return (_, value) => {
    if (!value || typeof value !== 'object' || typeof value.$type !== 'string') return value;
    const id = value.id;
    if (id && known.has(id)) return known.get(id);
    const { $type, ...attributes } = value;
    const made = moddle.create($type, attributes);
    for (const part of Object.values(made).flat()) if (part?.$type && part !== made.$parent) part.$parent = made;
    if (id) known.set(id, made);
    return made;
  };
}

export const SharedClipboard = { __init__: ['sharedClipboard'], sharedClipboard: ['type', Clipboard] };

/** Take off what the package here does not know of the pasted `elements`, of calls also in what they give to the called process; tell what. */
export function fitIn(elements, writer, choices, propertiesOf) {
  const known = new Set([...choices.clauses.map(({ id }) => id), ...choices.slots.map((slot) => `slot:${slot}`)]);
  const taken = [];
  for (const element of elements) {
    const { clauses, slots } = propertiesOf(element.businessObject);
    const before = { clauses: wordsOf(clauses), slots: slotsOf(slots) };
    const foreign = [...new Set([...before.clauses, ...Object.values(before.slots).flat()])].filter((id) => !known.has(id));
    if (!foreign.length) continue;
    cite(element, before, (id) => (known.has(id) ? id : ''), writer);
    taken.push({ element, name: element.businessObject.name || element.businessObject.id, foreign, before, known });
  }
  return taken;
}

/** Let `element` cite what it did `before`, each clause as `named` says; "" leaves it off. */
export function cite(element, { clauses, slots }, named, writer) {
  const put = (ids) => [...new Set(ids.map(named).filter(Boolean))];
  const now = Object.fromEntries(Object.entries(slots).map(([name, ids]) => [name, put(ids)]));
  const holder = element.businessObject;
  writer.setProperties(element, holder, { clauses: put(clauses).join(' '), ...(Object.keys(slots).length ? { slots: slotsText(now) } : {}) });
}
