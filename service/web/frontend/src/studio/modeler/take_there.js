// From a problem to the field of the panel that mends it.

const SECTIONS = [
  [/^(role_|unknown_role|choice_without_role|lane_)/, 'who'],
  [/^(form_missing|unknown_form|route_not_in_form|foreign_form)/, 'form'],
  [/^(unknown_clause|clause_in_shared|uncovered_clause|remark_without_clause|reason_missing|unknown_slot)/, 'clauses'],
  [/^(no_operation|unknown_operation|unknown_parameter|parameter_|unknown_recipient|unknown_document|bad_key)/, 'operation'],
  [/^(unknown_table|several_decisions|no_decision)/, 'decision'],
  [/^(missing_default|default_with_condition)/, 'default'],
  [/^(missing_condition|ignored_condition)/, 'condition'],
  [/^(no_message|message_|uncaught_end)/, 'message'],
  [/^(raw_iso|month_cycle|two_timers)/, 'timer'],
  [/^(standard_loop|loop_|half_output|endless_loop|unbounded_loop)/, 'loop-on'],
  [/^(recursive_call|slot_unbound|handed_|unknown_process)/, 'call'],
  [/^(malformed_id|missing_id|duplicate_)/, 'id'],
];
const NAMED = /^(unnamed|long_name|gateway_unnamed)/;
const CONTROLS = 'input:not([type="checkbox"]), select, textarea';

/** Scroll `box`, which shows the element of `problem`, to the field that is to blame and go into it. */
export function takeToField(box, problem) {
  const control = fieldOf(box, problem);
  if (!control) return;
  for (let at = control.closest('details'); at; at = at.parentElement.closest('details')) at.open = true;
  const field = control.closest('.panel-field') ?? control;
  field.scrollIntoView({ block: 'center' });
  field.classList.add('is-pointed');
  setTimeout(() => field.classList.remove('is-pointed'), 4000);
  control.focus({ preventScroll: true });
}

function fieldOf(box, { rule, message }) {
  if (NAMED.test(rule)) return box.querySelector(CONTROLS);
  const section = SECTIONS.find(([pattern]) => pattern.test(rule))?.[1];
  const within = (section && box.querySelector(`[data-section="${section}"]`)) || null;
  return quoting(within ?? box, message) ?? (within && (empty(within) ?? within.querySelector(CONTROLS)));
}

/** The control that holds, or is called, what the sentence quotes; the name of the element itself is no answer. */
function quoting(room, message) {
  const words = [...`${message.zh}`.matchAll(/“([^”]+)”/gu)].map(([, word]) => word);
  const controls = [...room.querySelectorAll(CONTROLS)].filter((control) => control.closest('[data-section]'));
  for (const word of words.reverse()) {
    const found = controls.find((control) => control.value === word || (control.matches('textarea, .code') && control.value.includes(word)) || control.closest('.panel-field')?.querySelector('label')?.textContent.startsWith(`${word} `));
    if (found) return found;
  }
  return null;
}

const empty = (room) => [...room.querySelectorAll(CONTROLS)].find((control) => !control.value && control.type !== 'search');
