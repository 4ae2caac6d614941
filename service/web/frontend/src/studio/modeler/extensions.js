// What our extensions say of an element, read and written. Every change is one command, so one step of undo.
const NAMESPACE = 'spiffworkflow:';

const heldBy = (holder) => holder?.extensionElements?.get('values') ?? [];

/** The extension `type` (as `CalledDecisionId`) of a business object, if it has one. */
export const extensionOf = (holder, type) => heldBy(holder).find(({ $type }) => $type === NAMESPACE + type);

/** The properties of a business object as {name: value}. */
export function propertiesOf(holder) {
  return Object.fromEntries((extensionOf(holder, 'Properties')?.properties ?? []).map(({ name, value }) => [name, value]));
}

export const wordsOf = (text) => (text ?? '').split(/[\s,，]+/).filter(Boolean);

/** The clauses that a call gives to each place of the called process, read of `text`: {name: [clause ids]}. */
export function slotsOf(text) {
  const found = {};
  for (const word of (text ?? '').split(/\s+/).filter(Boolean)) {
    const [slot, clauses = ''] = word.split('=');
    found[slot] = [...(found[slot] ?? []), ...clauses.split(',').filter(Boolean)];
  }
  return found;
}

/** The same as the file writes it; a place without clauses is left out. */
export const slotsText = (slots) => Object.entries(slots).map(([name, ids]) => `${name}=${ids.join(',')}`).join(' ');

/** Writes to the open diagram. */
export class Writer {
  constructor(modeler) {
    this.modeling = modeler.get('modeling');
    this.factory = modeler.get('bpmnFactory');
    this.modeler = modeler;
  }

  /** Change attributes of the element itself. */
  set(element, attributes) { this.modeling.updateProperties(element, attributes); }

  /** Change a part that stands below the element, such as an event definition. */
  setPart(element, part, attributes) { this.modeling.updateModdleProperties(element, part, attributes); }

  /** Set properties by name; an empty value takes the property away. */
  setProperties(element, holder, changes) {
    const old = extensionOf(holder, 'Properties');
    const names = [...new Set([...(old?.properties ?? []).map(({ name }) => name), ...Object.keys(changes)])];
    const now = { ...propertiesOf(holder), ...changes };
    const rows = names.filter((name) => now[name]).map((name) => this.make('Property', { name, value: now[name] }));
    this.swap(element, holder, old, rows.length ? this.make('Properties', { properties: rows }, 'properties') : undefined);
  }

  /** Set an extension that holds a text, such as a payload; "" takes it away. */
  setText(element, holder, type, value) {
    this.swap(element, holder, extensionOf(holder, type), value ? this.make(type, { value }) : undefined);
  }

  /** Set the operation of a service task; `parameters` are {id, type, value}, empty ones are left out. */
  setOperation(element, holder, id, result, parameters) {
    const rows = parameters.filter(({ value }) => value).map((row) => this.make('Parameter', row));
    const list = rows.length ? this.make('Parameters', { parameters: rows }, 'parameters') : undefined;
    const retry = extensionOf(holder, 'ServiceTaskOperator')?.retry;
    const made = id ? this.make('ServiceTaskOperator', { id, resultVariable: result || undefined, parameterList: list, retry }) : undefined;
    if (list) list.$parent = made;
    this.swap(element, holder, extensionOf(holder, 'ServiceTaskOperator'), made);
  }

  /** Take `values` of the extensions away. */
  drop(element, holder, type) { this.swap(element, holder, extensionOf(holder, type), undefined); }

  swap(element, holder, old, made) {
    if (!old && !made) return;
    const kept = heldBy(holder);
    const values = old ? kept.flatMap((value) => (value === old ? (made ? [made] : []) : [value])) : [...kept, made];
    const box = values.length ? this.factory.create('bpmn:ExtensionElements', { values }) : undefined;
    if (box) {
      box.$parent = holder;
      for (const value of values) value.$parent = box;
    }
    this.modeling.updateModdleProperties(element, holder, { extensionElements: box });
  }

  make(type, attributes, list) {
    const made = this.factory.create(NAMESPACE + type, attributes);
    for (const row of list ? attributes[list] : []) row.$parent = made;
    return made;
  }

  expression(parent, body) {
    return Object.assign(this.factory.create('bpmn:FormalExpression', { body }), { $parent: parent });
  }

  /** Return the message, error or signal of the file with this name, declared now where it is new. */
  definition(type, name) {
    const all = this.modeler.getDefinitions().get('rootElements');
    const found = all.find((one) => one.$type === type && one.name === name);
    if (found) return found;
    const word = type.slice(5).toLowerCase();
    const made = this.factory.create(type, { id: freeId(all, `${word}_${name.replace(/[^\p{L}\p{N}_]/gu, '_')}`), name });
    made.$parent = this.modeler.getDefinitions();
    all.push(made);
    return made;
  }
}

function freeId(all, wanted) {
  const taken = new Set(all.map(({ id }) => id));
  let id = wanted;
  for (let number = 2; taken.has(id); number += 1) id = `${wanted}_${number}`;
  return id;
}
