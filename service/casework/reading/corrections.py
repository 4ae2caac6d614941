"""Corrections (补正): what was asked for, item by item with its fields, and what was changed in answer.

A form says with ``corrects`` which form it asks to correct; a task of that form that waits after such a request is
its answer. Where every item names a part of the form and the office opens nothing else, only those parts are open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from service.casework.access.secrets import STATE
from service.casework.desk.desk import Desk
from service.casework.step.fill import form_settings, without_stop
from service.casework.step.step import Step
from service.catalog import Package
from service.catalog.bpmn.model import split_words
from service.domain.forms import Form, InputType, ReadableForm, correctable, named_label, unchanged
from service.domain.text import Text
from service.store import Transaction
from service.store.models import FormResultRow, TaskRow

_MATERIALS = "materials"


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One thing to be corrected; ``field`` is the path of the part of the form, "" where none is named."""

    part: str
    defect: str
    wanted: str
    field: str
    label: Text | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What was asked for; ``shut`` are the fields that stay as they are (none: everything is open)."""

    items: tuple[CorrectionItem, ...]
    note: str
    at: datetime
    shut: frozenset[str]


@dataclass(frozen=True, slots=True)
class CorrectedForm:
    """A form as it was sent before and after a correction."""

    before: ReadableForm
    after: ReadableForm
    at: datetime


def correction_of(step: Step, task: TaskRow, first: Mapping[str, Any]) -> Correction | None:
    """Return what the task answers, None when it is no answer to a request; ``first`` are its form's first values."""
    if task.state != "open" or task.form not in corrected_forms(step.package):
        return None
    rows = step.tx.forms.of_case(step.case.id)
    last_request = _last_request(step.desk, step.package, rows, task.form)
    sent = [row for row in rows if row.form == task.form]
    if last_request is None or (sent and sent[-1].id > last_request.id):
        return None
    form = step.desk.packages.form(step.package, task.form)
    places = {place.path: place.label for place in correctable(form.nodes)}
    items = tuple(_build_item(raw, places) for raw in last_request.data.get("items") or () if isinstance(raw, Mapping))
    named = {item.field for item in items if item.field} | _list_fields_of_stopped_files(step)
    narrow = bool(items) and all(item.field for item in items) and last_request.data.get("open_all") is not True
    outside = {**form_settings(step.package, step.case.parameters), **first}
    shut = form.shut_but(named, first, today=step.today, stored=outside) if narrow else frozenset()
    return Correction(items, str(last_request.data.get("note") or ""), last_request.at, shut)


def _list_fields_of_stopped_files(step: Step) -> set[str]:
    """Return the fields whose files are out of circulation: others are sent in their place, whatever the request names."""
    stopped = step.tx.uploads.pick("field", case_id=step.case.id, secret=STATE)
    return {".".join(takewhile(lambda part: not part.isdigit(), field.split("."))) for field in stopped}


def list_unanswered_corrections(
    correction: Correction, form: Form, stored: Mapping[str, Any], typed: Mapping[str, Any], today: date
) -> tuple[CorrectionItem, ...]:
    """Return the items of a request that ``typed`` does not answer: what they name reads as it is ``stored``.

    An item that names no part of the form is one of them while nothing at all was changed.
    """
    before = form.state(stored, today=today, stored=stored)
    after = form.state(typed, today=today, stored=stored, withheld=correction.shut)
    same = unchanged({item.field for item in correction.items if item.field}, before, after)
    untouched = before.values == after.values
    return tuple(item for item in correction.items if (item.field in same if item.field else untouched))


def change_before(step: Step, task: TaskRow) -> CorrectedForm | None:
    """Return what was changed in answer to the last request of the case, for who now looks at the answer."""
    if not corrected_forms(step.package):
        return None
    rows = step.tx.forms.of_case(step.case.id)
    for request_row in reversed(rows):
        target = step.desk.packages.form(step.package, request_row.form).corrects
        sent = [row for row in rows if target and row.form == target]
        before = [row for row in sent if row.id < request_row.id]
        after = [row for row in sent if row.id > request_row.id]
        if target and before and after and task.form != target:
            form = step.desk.packages.form(step.package, target)
            settings = form_settings(step.package, step.case.parameters)
            first, last = (ReadableForm(form, row.data, step.today, settings) for row in (before[-1], after[-1]))
            return CorrectedForm(first, last, after[-1].at)
    return None


def asks_for(desk: Desk, package: Package, form: Form) -> dict[str, Any]:
    """Return the outside names of a form that asks for a correction: the parts it may name."""
    if not form.corrects or form.corrects not in package.forms:
        return {}
    target = desk.packages.form(package, form.corrects)
    return {
        "correctable": [
            {"value": place.path, "label": place.label.zh, "label_en": place.label.en}
            for place in correctable(target.nodes)
        ]
    }


def materials_of(desk: Desk, package: Package, form: str) -> dict[str, Any]:
    """Return the outside name ``materials`` of a form that asks for it: the files that the corrected forms ask for.

    Each is known by its label, so that what was found about it can be read wherever the form is.
    """
    variables = split_words(str(package.form_properties(form).get("variables") or ""))
    if _MATERIALS not in variables:
        return {}
    targets = (desk.packages.form(package, name) for name in sorted(corrected_forms(package) & package.forms.keys()))
    labels = dict.fromkeys(
        f.label for target_form in targets for f in target_form.fields() if f.type is InputType.UPLOAD
    )
    return {_MATERIALS: [{"value": label.zh, "label": label.zh, "label_en": label.en} for label in labels]}


def names_to_read(desk: Desk, package: Package, form: Form, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outside names by which a submitted form is read: the case's settings, and the parts, files and bodies it may name.

    The sentences on settings are for who fills in the form.
    """
    bodies = [{"key": body.id, "name": body.name, "kind": body.kind} for body in package.jurisdiction.bodies]
    settings = {**form_settings(package, parameters), "setting": {}, "setting_en": {}, "bodies": bodies}
    return {**settings, **asks_for(desk, package, form), **materials_of(desk, package, form.id)}


def message_of(desk: Desk, tx: Transaction, package: Package, case_id: int, at: datetime) -> str:
    """Return the items of a request that was made at ``at``, as lines of the message that carries its letter."""
    for row in tx.forms.of_case(case_id) if corrected_forms(package) else ():
        form = desk.packages.form(package, row.form)
        if not form.corrects or row.at != at:
            continue
        target = desk.packages.form(package, form.corrects)
        places = {place.path: place.label for place in correctable(target.nodes)}
        items = [_build_item(raw, places) for raw in row.data.get("items") or () if isinstance(raw, Mapping)]
        lines = [
            f"{n}. {i.part}{f'（{i.label.zh}）' if i.label else ''}：{without_stop(i.defect)}。补正要求：{without_stop(i.wanted)}。"
            for n, i in enumerate(items, 1)
        ]
        return "\n".join(["需要补正的内容：", *lines]) if lines else ""
    return ""


def corrected_forms(package: Package) -> frozenset[str]:
    """Return the forms whose correction may be asked for; kept with the package, which is let go with it."""
    return package.derived("forms that are corrected", lambda: _collect_corrected_forms(package))


def _collect_corrected_forms(package: Package) -> frozenset[str]:
    corrected_ids = (str(package.form_properties(ident).get("corrects") or "") for ident in package.forms)
    return frozenset(corrected_ids) - {""}


def _last_request(desk: Desk, package: Package, rows: list[FormResultRow], target: str) -> FormResultRow | None:
    return next((row for row in reversed(rows) if desk.packages.form(package, row.form).corrects == target), None)


def _build_item(raw: Mapping[str, Any], places: Mapping[str, Text]) -> CorrectionItem:
    field = str(raw.get("field") or "")
    label = named_label(places, field) if field else None
    return CorrectionItem(
        str(raw.get("part") or ""), str(raw.get("defect") or ""), str(raw.get("wanted") or ""), field, label
    )
