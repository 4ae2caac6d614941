"""An earlier submission as first values of another round: what decides is blank again, what describes stays."""

from __future__ import annotations

from service.domain.forms import compile_form

YES = [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]


def _field(kind: str, key: str, **more: object) -> dict[str, object]:
    choices = {"values": YES} if kind in ("radio", "select", "checklist") else {}
    return {"type": kind, "id": f"f_{key}", "key": key, "label": key, **choices, **more}


FORM = compile_form({"id": "f", "components": [
    _field("textarea", "facts"),
    _field("radio", "verdict"),
    _field("radio", "found", readonly=True),
    _field("checkbox", "no_interest"),
    _field("select", "kind"),
    _field("select", "person"),
    _field("number", "share"),
    _field("number", "amount"),
    _field("textarea", "reason"),
    _field("textfield", "number"),
    _field("textarea", "sum", readonly=True),
    {"type": "group", "id": "g", "label": "g", "path": "items", "components": [_field("textarea", "why"), _field("radio", "first")]},
    {"type": "dynamiclist", "id": "l", "label": "l", "path": "rows",
     "components": [_field("textfield", "name"), _field("radio", "result"), _field("textarea", "ground")]},
]})  # fmt: skip
READ = {("kind",), ("share",)}
BEFORE = {
    "facts": "已现场核对", "verdict": "yes", "found": "no", "no_interest": True, "kind": "yes", "person": "no", "share": 3,
    "amount": 5, "reason": "材料齐全", "number": "3号", "sum": "共2项", "items": {"why": "缺页", "first": "no"},
    "rows": [{"name": "甲", "result": "yes", "ground": "达标"}, {"name": "乙", "result": None, "ground": "待查"}],
}  # fmt: skip


def test_what_decides_is_blank_and_what_describes_stays() -> None:
    kept, blank = FORM.undecided(BEFORE, READ.__contains__)
    assert kept == {
        "facts": "已现场核对", "found": "no", "person": "no", "amount": 5, "number": "3号", "sum": "共2项", "items": {},
        "rows": [{"name": "甲"}, {"name": "乙", "result": None, "ground": "待查"}],
    }  # fmt: skip
    assert blank == {"verdict", "no_interest", "kind", "share", "reason", "items.why", "items.first"}
    assert BEFORE["items"] == {"why": "缺页", "first": "no"}


def test_nothing_is_blank_where_nothing_was_decided() -> None:
    assert FORM.undecided({"reason": "补充", "verdict": None}, READ.__contains__) == (
        {"reason": "补充", "verdict": None},
        frozenset(),
    )
