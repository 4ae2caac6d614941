"""An earlier submission as first values of another round: what decides is blank again, what describes stays."""

from __future__ import annotations

from service.domain.forms import compile_form

YES = [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]


def _field(kind: str, key: str, **more: object) -> dict[str, object]:
    choices = {"values": YES} if kind in ("radio", "select", "checklist") else {}
    return {"type": kind, "id": f"f_{key}", "key": key, "label": key, **choices, **more}


FORM = compile_form({"id": "f", "components": [
    _field("radio", "verdict"),
    _field("radio", "found", readonly=True),
    _field("checkbox", "no_interest"),
    _field("select", "kind"),
    _field("select", "person"),
    _field("number", "share"),
    _field("number", "amount"),
    _field("textarea", "reason"),
    {"type": "group", "id": "g", "label": "g", "path": "items", "components": [_field("radio", "first")]},
    {"type": "dynamiclist", "id": "l", "label": "l", "path": "rows",
     "components": [_field("textfield", "name"), _field("radio", "result")]},
]})  # fmt: skip
READ = {("kind",), ("share",)}
BEFORE = {
    "verdict": "yes", "found": "no", "no_interest": True, "kind": "yes", "person": "no", "share": 3, "amount": 5,
    "reason": "材料齐全", "items": {"first": "no"}, "rows": [{"name": "甲", "result": "yes"}, {"name": "乙", "result": None}],
}  # fmt: skip


def test_what_decides_is_blank_and_what_describes_stays() -> None:
    kept, blank = FORM.undecided(BEFORE, READ.__contains__)
    assert kept == {
        "found": "no", "person": "no", "amount": 5, "reason": "材料齐全", "items": {},
        "rows": [{"name": "甲"}, {"name": "乙", "result": None}],
    }  # fmt: skip
    assert blank == {"verdict", "no_interest", "kind", "share", "items.first"}
    assert BEFORE["items"] == {"first": "no"}


def test_nothing_is_blank_where_nothing_was_decided() -> None:
    assert FORM.undecided({"reason": "补充", "verdict": None}, READ.__contains__) == (
        {"reason": "补充", "verdict": None},
        frozenset(),
    )
