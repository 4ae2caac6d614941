"""The inputs of an expectation: what each kind of record may be asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.casework.simulate.expecting.expectations import SPOKEN
from service.casework.simulate.expecting.known_words import KEYS as KNOWN
from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.casework.simulate.scenarios.words import Options, RowWords
from service.catalog.law.proof import PROVES
from service.catalog.scenarios.expectation_words import KEYS
from service.catalog.scenarios.scenario_terms import STATES
from service.domain.text import Text

_DAYS = frozenset(
    {"first_day", "last_day", "posted_on", "on", "due", "useful_until", "from_day", "decided_on", "revoked_on"}
)
_NUMBERS = frozenset({"objections", "times", "vacant", "issued", "cast", "valid", "spoiled", "ballot"})
_YES = frozenset({"provisional", "produced", "leader", "quorum", "second_ballot", "opens", "no"})
_WORDS = frozenset({"to", "elected", "candidates", "tiers", "clauses", PROVES})
_OF_BALLOT = (
    "quorum", "issued", "cast", "valid", "spoiled", "elected", "vacant", "second_ballot", "candidates", "state",
    "title", "tiers", "hints", "scores",
)  # fmt: skip
_OF_AWARD = ("number", "decided_on", "revoked_on", "handed_over_on", "prize_yuan", "prize_paid_on", "valid_until")
_STATES = {
    "notice": ("running", "closed", "recalled", "corrected"),
    "task": ("open", "done", "cancelled"),
    "waiting": ("open",),
    "ballot": ("open", "closed"),
    "panel": ("active", "replaced"),
    "timer": ("waiting", "done", "cancelled"),
}
_CHOSEN = {
    "result": ("met", "not_met", "unknown"),
    "decided_by": ("machine", "attested"),
    "audience": ("public", "internal"),
    "status": ("running", "ended", "suspended", "terminated"),
}
_LABELS = {
    "case": Text("办件", "Case"), "times": Text("恰好几次", "Just so many times"), "no": Text("不应有", "Must not be there"),
    "why": Text("说明（给读者看）", "Why (for readers)"), PROVES: Text("证明的条款", "Clauses it proves"), "contains": Text("写有", "Says"),
    "lacks": Text("不写", "Does not say"), "ends": Text("结尾是", "Ends with"), "to": Text("送给", "Sent to"),
}  # fmt: skip
_LINES = Text("每行一个", "One a line")
_NOBODY = Text("每行一个；没有人当选写 []", "One a line; [] for nobody")


def expected_shapes(words: RowWords, kind: str, row: Mapping[str, Any]) -> tuple[ValueShape, ...]:
    """Return the inputs of an expectation of ``kind``: first what is looked at (its key is the kind), then the others."""
    kind_keys = (
        _OF_BALLOT
        if kind == "ballot"
        else _OF_AWARD
        if kind == "award"
        else tuple(sorted(KNOWN[kind], key=_get_key_order))
    )
    kind_keys = tuple(dict.fromkeys([*kind_keys, *(_list_further_keys(row, kind) if kind == "award" else ())]))
    texts = ("contains", "lacks", "ends") if kind in SPOKEN else ()
    keys = ["case", kind, *(key for key in kind_keys if key != kind), *texts, "times", "no", "why", PROVES]
    return tuple(_build_shape(words, kind, key) for key in keys)


def _get_key_order(key: str) -> tuple[int, str]:
    first = ("result", "outcome", "status", "value", "state", "on", "first_day", "last_day", "due", "role", "body")
    return (first.index(key) if key in first else len(first)), key


def _list_further_keys(row: Mapping[str, Any], kind: str) -> list[str]:
    """Return what else an award's row asks for, where an input can hold it."""
    return [key for key, value in row.items() if key not in (kind, "case") and not isinstance(value, Mapping | list)]


def _build_shape(words: RowWords, kind: str, key: str) -> ValueShape:
    label = _LABELS.get(key) or KEYS.get(key, Text(key, key))
    options = _list_options(words, kind, key)
    if key in ("hints", "scores"):
        return ValueShape(key, label, Like.PAIRS, words.nicks())
    if key in (PROVES, "clauses"):
        return ValueShape(key, label, Like.LISTED, words.clauses())
    if key in _WORDS:
        return ValueShape(key, label, Like.WORDS, hint=_NOBODY if key == "elected" else _LINES)
    if key in ("contains", "lacks"):
        return ValueShape(key, label, Like.TEXTS)
    if key in _YES:
        return ValueShape(key, label, Like.YES)
    if key in _DAYS:
        return ValueShape(key, label, Like.DAY)
    if key in _NUMBERS:
        return ValueShape(key, label, Like.NUMBER)
    if key == "value" or (kind == "award" and key not in ("award", "case", "number", "why")):
        return ValueShape(key, label, Like.SCALAR)
    open_ended = key in ("case", "mail", "history", "file", "reader", "element", "member", "panel", "party", "sanction")
    return ValueShape(key, label, Like.CHOICE if options and not open_ended else Like.TEXT, options)


def _list_options(words: RowWords, kind: str, key: str) -> Options:
    if key == "state":
        return tuple((word, STATES[word]) for word in _STATES.get(kind, ()))
    if key in _CHOSEN:
        return tuple((word, STATES[word]) for word in _CHOSEN[key])
    if key in ("reached", "task", "waiting", "prefill", "timer", "element"):
        return words.elements(acted=key == "prefill")
    options_by_key: Mapping[str, Callable[[], Options]] = {
        "case": words.list_scenario_cases, "notice": words.notices, "finding": words.findings, "document": words.documents,
        "outcome": words.outcomes, "fact": words.facts, "award": words.tiers, "role": words.roles, "party": words.roles,
        "body": words.bodies, "sanction": words.findings, "reader": words.people,
    }  # fmt: skip
    return options_by_key[key]() if key in options_by_key else ()
