"""A deed on the stage of a recording as the step that a scenario writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.simulate.writing.deeds import Deed, DeedField
from service.casework.simulate.writing.recording import Recording
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_times import read_day

_RECORDS = ("award", "sanction", "interest")
_BY_REASON = ("suspend", "resume", "close_vote")


def deed_row(recording: Recording, deed: Deed, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the step that does ``deed`` with what was ``given``: values of its form, or of its fields. Raises Invalid."""
    said = {} if deed.form else {field.key: value for field in deed.fields if (value := _read(field, given)) != ""}
    if deed.verb in _RECORDS:
        return {deed.verb: said}
    with recording.stage.desk.store.read() as tx:
        case = tx.cases.get(deed.case)
    nick = recording.nick(case)
    row: dict[str, Any] = {"as": deed.who} if deed.who else {}
    if deed.verb == "lodge":
        row |= {"lodge": deed.what, "parent": nick, "name": recording.fresh_nick(f"{nick}{deed.name.zh}")}
        row |= {"notice": deed.notice} if deed.notice else {}
    elif deed.verb in _BY_REASON:
        row |= {"case": nick, deed.verb: said.pop("reason"), **said}
    elif deed.verb == "recuse":
        row |= {"case": nick, "recuse": {said["candidate"]: said["number"]}, "reason": said["reason"]}
    elif deed.verb == "hall":
        letters = {key.removeprefix("letters."): v for key, v in said.items() if key.startswith("letters.")}
        row |= {"case": nick, "hall": letters, "teller": said["teller"]}
    else:
        row |= {"case": nick, deed.verb: deed.what, **said}
    if deed.form:
        values = {key: value for key, value in given.items() if value not in (None, "", [], {})}
        row |= {"with": values} if values else {}
    return row


def _read(field: DeedField, given: Mapping[str, Any]) -> Any:
    """Return what was typed for a field, "" for nothing; raises Invalid."""
    typed = str(given.get(field.key) or "").strip()
    if not typed:
        if field.required:
            raise Invalid(Text(f"请填写“{field.label.zh}”。", f"“{field.label.en}” is missing."))
        return ""
    if field.options and typed not in {value for value, _ in field.options}:
        raise Invalid(Text(f"请在“{field.label.zh}”里选择一项。", f"Choose one of “{field.label.en}”."))
    if field.kind == "tick":
        return True
    if field.kind == "number":
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 5):
            raise Invalid(Text(f"“{field.label.zh}”应是整数。", f"“{field.label.en}” is a whole number."))
        return int(typed)
    if field.kind == "day":
        try:
            return read_day(typed).isoformat()
        except ValueError:
            raise Invalid(
                Text(f"“{field.label.zh}”请写成 2026-03-02。", f"Write “{field.label.en}” as 2026-03-02.")
            ) from None
    return typed
