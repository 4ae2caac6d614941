// A fresh drawing from the server taken over as ONE command: places, ways, labels and lanes change, the process does not.
// Lanes that the drawing has and the canvas has not are drawn first.
// `importXML` would empty the undo stack.
import { getExternalLabelMid } from 'bpmn-js/lib/util/LabelUtil';

const boxOf = (bounds) => bounds && { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height };
const pointsOf = (points) => points?.map(({ x, y }) => ({ x, y }));

/** Read the drawing of `xml`: {drawn: {id: {bounds, waypoints, label}}, lanes: {id: [ids]}, names: {id: name of the lane}}. */
export async function drawingOf(moddle, xml) {
  const { rootElement, warnings } = await moddle.fromXML(xml);
  if (warnings.length) throw new Error(warnings[0].message);
  const drawn = {};
  for (const { plane } of rootElement.diagrams) {
    for (const { bpmnElement, bounds, waypoint, label } of plane.planeElement) drawn[bpmnElement.id] = { bounds: boxOf(bounds), waypoints: pointsOf(waypoint), label: boxOf(label?.bounds) };
  }
  const [lanes, names] = [{}, {}];
  for (const { laneSets } of rootElement.rootElements) {
    for (const lane of (laneSets ?? []).flatMap((set) => set.lanes ?? [])) {
      lanes[lane.id] = (lane.flowNodeRef ?? []).map(({ id }) => id);
      names[lane.id] = lane.name;
    }
  }
  return { drawn, lanes, names };
}

const same = (one, other) => Math.abs(one - other) < 1;
const sameBox = (one, other) => ['x', 'y', 'width', 'height'].every((part) => same(one[part], other[part]));
const sameWay = (one, other) => one.length === other.length && one.every((point, at) => same(point.x, other[at].x) && same(point.y, other[at].y));

/** What taking `drawing` over would change: how many of `all` shapes move, how many flows bend otherwise, which lanes come in. */
export function changesOf({ drawn, names }, registry) {
  const known = registry.filter((element) => !element.labelTarget && element.parent && drawn[element.businessObject?.id]);
  const nodes = known.filter((element) => drawn[element.id]?.bounds && !element.waypoints && !['bpmn:Lane', 'bpmn:Participant'].includes(element.type));
  const flows = known.filter((element) => element.waypoints && drawn[element.id]?.waypoints);
  return {
    all: nodes.length,
    moved: nodes.filter((element) => !sameBox(element, drawn[element.id].bounds)).length,
    bent: flows.filter((element) => !sameWay(element.waypoints, drawn[element.id].waypoints)).length,
    lanes: Object.entries(names).filter(([id]) => !registry.get(id)).map(([, name]) => name),
  };
}

class Redraw {
  constructor(elementRegistry, moddle, modeling, elementFactory, bpmnFactory) {
    Object.assign(this, { registry: elementRegistry, moddle, modeling, elements: elementFactory, factory: bpmnFactory });
  }

  preExecute({ drawing: { drawn, names } }) {
    const pool = this.registry.find((element) => element.type === 'bpmn:Participant');
    for (const [id, name] of Object.entries(pool ? names : {}).filter(([id]) => !this.registry.get(id))) {
      const lane = this.elements.createShape({ type: 'bpmn:Lane', businessObject: this.factory.create('bpmn:Lane', { id, name }) });
      this.modeling.createShape(lane, drawn[id].bounds, pool);
    }
  }

  execute(context) {
    context.before ??= this.read();
    return this.write(context.drawing);
  }

  revert(context) { return this.write(context.before); }

  shapes() { return this.registry.filter((element) => !element.labelTarget && element.parent && element.di && element.businessObject.id); }

  read() {
    const drawing = { drawn: {}, lanes: {} };
    for (const element of this.shapes()) {
      const { id, flowNodeRef } = element.businessObject;
      drawing.drawn[id] = { bounds: element.waypoints ? undefined : boxOf(element), waypoints: pointsOf(element.waypoints), label: boxOf(element.di.label?.bounds), shown: boxOf(element.label) };
      if (element.type === 'bpmn:Lane') drawing.lanes[id] = (flowNodeRef ?? []).map((node) => node.id);
    }
    return drawing;
  }

  write({ drawn, lanes }) {
    const known = this.shapes().filter((element) => drawn[element.businessObject.id]);
    for (const element of known) this.place(element, drawn[element.businessObject.id]);
    for (const [id, members] of Object.entries(lanes)) this.fill(this.registry.get(id), members);
    return known.flatMap((element) => (element.label ? [element, element.label] : [element]));
  }

  place(element, { bounds, waypoints, label, shown }) {
    if (element.waypoints && waypoints) {
      element.waypoints = pointsOf(waypoints);
      element.di.waypoint = waypoints.map((point) => this.moddle.create('dc:Point', { x: point.x, y: point.y }));
    } else if (bounds) {
      Object.assign(element, bounds);
      Object.assign(element.di.bounds, bounds);
    }
    this.keepLabel(element.di, label);
    if (element.label) this.placeLabel(element, label ?? shown);
  }

  keepLabel(di, label) {
    if (!label) { di.label = undefined; return; }
    di.label ??= Object.assign(this.moddle.create('bpmndi:BPMNLabel'), { $parent: di });
    di.label.bounds = Object.assign(this.moddle.create('dc:Bounds', label), { $parent: di.label });
  }

  placeLabel(element, at) {
    const middle = getExternalLabelMid(element);
    Object.assign(element.label, at ?? { x: middle.x - element.label.width / 2, y: middle.y - element.label.height / 2 });
  }

  fill(lane, members) {
    if (!lane) return;
    lane.businessObject.flowNodeRef = members.map((id) => this.registry.get(id)?.businessObject).filter(Boolean);
    for (const node of lane.businessObject.flowNodeRef) if (node.lanes) node.lanes = [lane.businessObject];
  }
}
Redraw.$inject = ['elementRegistry', 'moddle', 'modeling', 'elementFactory', 'bpmnFactory'];

class Register {
  constructor(commandStack) { commandStack.registerHandler('laurel.redraw', Redraw); }
}
Register.$inject = ['commandStack'];

export const Redrawing = { __init__: ['redrawing'], redrawing: ['type', Register] };
