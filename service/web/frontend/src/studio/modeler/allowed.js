// Only what the engine carries out as drawn is offered: in the palette, beside an element, and in the menu of types.
import { getNewShapePosition } from 'bpmn-js/lib/features/auto-place/BpmnAutoPlaceUtil';
import { t } from '../../shell/common.js';

/** As wide as the layout draws them: ten Chinese characters to the line. */
const ACTIVITY = { width: 130, height: 80 };
const catching = (definition) => ({ type: 'bpmn:IntermediateCatchEvent', eventDefinitionType: `bpmn:${definition}EventDefinition` });
const PIECES = [
  ['start', 'event', 'start-event-none', t('开始', 'Start'), { type: 'bpmn:StartEvent' }],
  ['timer', 'event', 'intermediate-event-catch-timer', t('等到某日', 'Wait for a day'), catching('Timer')],
  ['message', 'event', 'intermediate-event-catch-message', t('等待消息', 'Wait for a message'), catching('Message')],
  ['end', 'event', 'end-event-none', t('结束', 'End'), { type: 'bpmn:EndEvent' }],
  ['choice', 'gateway', 'gateway-xor', t('判断（排他网关）', 'Decision (exclusive gateway)'), { type: 'bpmn:ExclusiveGateway' }],
  ['parallel', 'gateway', 'gateway-parallel', t('并行网关', 'Parallel gateway'), { type: 'bpmn:ParallelGateway' }],
  ['events', 'gateway', 'gateway-eventbased', t('等先发生的一件（事件网关）', 'Whichever comes first (event gateway)'), { type: 'bpmn:EventBasedGateway' }],
  ['person', 'activity', 'user-task', t('有人办理的任务', 'Task of a person'), { type: 'bpmn:UserTask', ...ACTIVITY }],
  ['service', 'activity', 'service-task', t('系统自动办理', 'Task of the program'), { type: 'bpmn:ServiceTask', ...ACTIVITY }],
  ['table', 'activity', 'business-rule-task', t('按决策表判断', 'Decision table'), { type: 'bpmn:BusinessRuleTask', ...ACTIVITY }],
  ['call', 'activity', 'call-activity', t('调用另一流程', 'Call another process'), { type: 'bpmn:CallActivity', ...ACTIVITY }],
];
const FROM_START = new Set(['start']);
const onBorder = (definition) => ({ type: 'bpmn:BoundaryEvent', eventDefinitionType: `bpmn:${definition}EventDefinition` });
/** What stands on the border of a task and interrupts it. */
const BORDER = [
  ['day', 'event', '', t('到了某日（中断任务）', 'A day comes (interrupts the task)'), onBorder('Timer')],
  ['word', 'event', '', t('收到消息（中断任务）', 'A message comes (interrupts the task)'), onBorder('Message')],
];
const AFTER_EVENT_GATEWAY = new Set(['timer', 'message']);
/** A control of the palette that shows its `title` under the pointer: the library gives it to readers of the screen alone. */
const tipped = (title) => `<div class="entry" draggable="true" title="${title}"></div>`;
const named = ([name, , , title]) => ({ name, title });
/** The pieces that may follow `element`. */
const following = ({ type }) => PIECES.filter(([name]) => (type === 'bpmn:EventBasedGateway' ? AFTER_EVENT_GATEWAY.has(name) : !FROM_START.has(name)));
/** Library entries that make what is not carried out. */
const NEVER = /script-task|^replace-with-task$|ad-?hoc|complex-gateway|transaction|cancel|compensat|conditional-(start|intermediate|boundary|event)|conditional.*event|link-|data-(store|object)|signal-end|multiple|parallel-event-based|instantiate|toggle-loop|toggle-is-collection|participant-multiplicity|(message|timer|signal|conditional|error|escalation)-start$/;
const PALETTE_OF_LIBRARY = new Set(['hand-tool', 'lasso-tool', 'space-tool', 'global-connect-tool', 'tool-separator', 'create.subprocess-expanded']);

const GAP = 20;
const STEPS = Array.from({ length: 16 }, (_, n) => n * 40);

/** Where `shape` goes behind `source`: nearest to where the library puts it, on no other shape, in the lane of `source` if it can. */
function freePlace(source, shape, registry) {
  const wanted = getNewShapePosition(source, shape, registry);
  if (!wanted || !shape.businessObject.$instanceOf('bpmn:FlowNode')) return wanted;
  const around = new Set(['bpmn:Lane', 'bpmn:Participant']);
  const drawn = registry.filter((one) => one.parent && one !== shape && one !== source.parent && !one.waypoints && !around.has(one.type));
  const lanes = registry.filter(({ type, children }) => type === 'bpmn:Lane' && !children.some((child) => child.type === 'bpmn:Lane'));
  const laneOf = (top, bottom) => lanes.find(({ y, height }) => top >= y && bottom <= y + height);
  const own = laneOf(source.y + source.height / 2, source.y + source.height / 2);
  const half = { x: shape.width / 2, y: shape.height / 2 };
  const isFree = ({ x, y }) => drawn.every((one) => Math.abs(one.x + one.width / 2 - x) >= one.width / 2 + half.x + GAP || Math.abs(one.y + one.height / 2 - y) >= one.height / 2 + half.y + GAP);
  const places = STEPS.flatMap((right) => STEPS.flatMap((up) => [up, -up].map((down) => ({ x: wanted.x + right, y: wanted.y + down, away: right + Math.abs(down) }))));
  const rated = places.map((place) => ({ ...place, lane: laneOf(place.y - half.y, place.y + half.y) })).filter(({ lane }) => lane || !lanes.length);
  const best = rated.map((place) => ({ ...place, away: place.away + (place.lane === own ? 0 : 200) })).sort((one, other) => one.away - other.away).find(isFree);
  return best ? { x: best.x, y: best.y } : wanted;
}

class Allowed {
  constructor(palette, contextPad, popupMenu, create, autoPlace, elementFactory, elementRegistry, eventBus) {
    Object.assign(this, { create, autoPlace, elementFactory });
    eventBus.on('autoPlace', 1500, ({ source, shape }) => freePlace(source, shape, elementRegistry));
    palette.registerProvider(500, { getPaletteEntries: () => (entries) => this.palette(entries) });
    contextPad.registerProvider(500, { getContextPadEntries: (element) => (entries) => this.pad(element, entries) });
    const menu = { getPopupMenuEntries: (element) => (entries) => runnable(entries, element), getPopupMenuHeaderEntries: (element) => (entries) => runnable(entries, element) };
    popupMenu.registerProvider('bpmn-replace', 500, menu);
  }

  palette(entries) {
    const tools = Object.entries(entries).filter(([name]) => PALETTE_OF_LIBRARY.has(name));
    const pieces = PIECES.map((piece) => [`laurel.${piece[0]}`, this.entry(piece, (event, shape) => this.create.start(event, shape))]);
    return Object.fromEntries([...tools, ...pieces].map(([name, entry]) => [name, entry.separator ? entry : { ...entry, html: tipped(entry.title) }]));
  }

  pad(element, entries) {
    const kept = Object.fromEntries(Object.entries(entries).filter(([name]) => !name.startsWith('append.') || name === 'append.text-annotation'));
    if (!Object.keys(entries).some((name) => name.startsWith('append.') && name !== 'append.text-annotation')) return kept;
    const append = (piece) => this.entry(piece, (event, shape) => this.create.start(event, shape, { source: element }), (_, shape) => this.autoPlace.append(element, shape));
    return { ...Object.fromEntries(following(element).map((piece) => [`append.${piece[0]}`, { ...append(piece), group: 'model' }])), ...kept };
  }

  /** All that can be placed, as {name, title}. */
  pieces() { return PIECES.map(named); }

  /** What may follow `element`; nothing after an end. */
  after(element) { return element.type === 'bpmn:EndEvent' || element.businessObject.triggeredByEvent ? [] : following(element).map(named); }

  /** What may be put on the border of `element`. */
  onto({ businessObject }) { return businessObject.$instanceOf('bpmn:Activity') && !businessObject.triggeredByEvent ? BORDER.map(named) : []; }

  /** Make the shape of the piece `name`, not yet drawn. */
  make(name) { return this.elementFactory.createShape({ ...[...PIECES, ...BORDER].find(([one]) => one === name)[4] }); }

  entry([, group, icon, title, attributes], drag, click = drag) {
    const shape = () => this.elementFactory.createShape({ ...attributes });
    return { group, className: `bpmn-icon-${icon}`, title, action: { dragstart: (event) => drag(event, shape()), click: (event) => click(event, shape()) } };
  }
}
Allowed.$inject = ['palette', 'contextPad', 'popupMenu', 'create', 'autoPlace', 'elementFactory', 'elementRegistry', 'eventBus'];

/** Keep the entries that make something the engine runs; an event subprocess alone starts by a message. */
export function runnable(entries, element) {
  const byEvent = element.businessObject?.$parent?.triggeredByEvent;
  const startsByMessage = /^replace-with-.*(message|signal)-start$/;
  return Object.fromEntries(Object.entries(entries).filter(([name]) => (byEvent && startsByMessage.test(name)) || !NEVER.test(name)));
}

export const OnlyRunnable = { __init__: ['onlyRunnable'], onlyRunnable: ['type', Allowed] };
