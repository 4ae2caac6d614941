"""Papers that an examination found wrong, as the first items of the request for their correction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.casework.step.step import Step
from service.domain.forms import Form, InputType
from service.store.models import FormResultRow

_FAULTS = "material_faults"
"""The list of wrong papers in the forms of an examination: material, fault (a choice), basis."""


def faults_to_correct(step: Step, form: Form) -> dict[str, Any]:
    """Return the ``items`` of a form that asks for a correction: a row for each paper that was found wrong.

    Those of the last examination count, and nothing from before the last request. What is wanted is for the office to
    say.
    """
    if not form.corrects or form.corrects not in step.package.forms:
        return {}
    found = _last_faults(step, form.id)
    if found is None:
        return {}
    target, labels = step.desk.packages.form(step.package, form.corrects), dict(_labels(step, found.form))
    places = {f.label.zh: f.path.partition("[]")[0] for f in target.fields() if f.type is InputType.UPLOAD}
    return {
        "items": [
            {"part": paper, "field": places.get(paper), "defect": _defect(raw, labels), "wanted": None}
            for raw in found.data[_FAULTS]
            if isinstance(raw, Mapping) and (paper := str(raw.get("material") or ""))
        ]
    }


def _last_faults(step: Step, request: str) -> FormResultRow | None:
    """Return the last examination of the case that asks for wrong papers, where it names any and came after the last request."""
    for row in reversed(step.tx.forms.of_case(step.case.id)):
        if row.form == request:
            return None
        if _FAULTS in row.data:
            return row if row.data[_FAULTS] else None
    return None


def _defect(raw: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    fault, basis = str(raw.get("fault") or ""), str(raw.get("basis") or "")
    return "：".join(filter(None, (labels.get(fault, ""), basis)))


def _labels(step: Step, form: str) -> Iterator[tuple[str, str]]:
    """Yield the values and labels of the choice of what is wrong."""
    for part in _parts(step.package.form(form).get("components")):
        if part.get("path") == _FAULTS:
            for field in _parts(part.get("components")):
                if field.get("key") == "fault":
                    yield from ((str(one["value"]), str(one["label"])) for one in field.get("values") or ())


def _parts(components: object) -> Iterator[Mapping[str, Any]]:
    for one in components if isinstance(components, list) else ():
        if isinstance(one, Mapping):
            yield one
            yield from _parts(one.get("components"))
