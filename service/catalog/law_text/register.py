"""Changes of a clause register (law.yaml) in place: what is not changed keeps its bytes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap

from service.catalog.law.law import Clause
from service.catalog.source.flow_style import flow_list, flow_row
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.source.yaml import parse_yaml
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.domain.wording.numbers import HAN_NUMERAL, read_han

_ARTICLE = re.compile(rf"第({HAN_NUMERAL})条")
REASONS = ("informative", "outside", "words_only")
"""Keys of a clause that hold the reason why no step carries it out."""
LATER = "later"
"""The word for clauses that the procedure should carry out and does not yet."""
_OPTIONAL = ("text", *REASONS)


def new_register(title: str, clauses: Iterable[Clause]) -> str:
    """Return a law.yaml with ``clauses``."""
    return add_clauses(f"law: {_quote_title(title)}\nclauses: []\n", clauses)


def add_clauses(text: str, clauses: Iterable[Clause]) -> str:
    """Return ``text`` with ``clauses`` at the end.

    Raises Invalid for an id that stands there already.
    """
    document, rows = _open_register(text)
    _put_in(rows, clauses, len(rows))
    return dump_yaml(document)


def _put_in(rows: Any, clauses: Iterable[Clause], place: int) -> None:
    clause_ids = {row.get("id") for row in rows}
    for clause in clauses:
        if clause.id in clause_ids:
            message = Text(f"条款编号“{clause.id}”已经有了。", f"There is a clause “{clause.id}” already.")
            raise Invalid(message)
        clause_ids.add(clause.id)
        rows.insert(place, _build_row(clause))
        place += 1


def change_clause(text: str, ident: str, changes: Mapping[str, Any]) -> str:
    """Return ``text`` with what ``changes`` says of clause ``ident``; None takes a key away. Raises NotFound."""
    register = OpenRegister(text)
    register.change(ident, changes)
    return register.text()


def settle_clauses(text: str, idents: Sequence[str], key: str, reason: str) -> str:
    """Return ``text`` with one ``reason`` for each of the clauses ``idents``: as ``key`` says, and as nothing else.

    ``key`` is informative, outside, words_only or later; "" takes every reason away. Raises NotFound.
    """
    document, rows = _open_register(text)
    for ident in idents:
        row = rows[_find_index(rows, ident)]
        for other in REASONS:
            if other != key:
                row.pop(other, None)
        if key in REASONS:
            row[key] = reason
    _keep_for_later(document, rows, set(idents), reason if key == LATER else None)
    return dump_yaml(document)


def leave_for_later(text: str, ident: str, reason: str | None) -> str:
    """Return ``text`` with clause ``ident`` among those that are openly left for later, None: no longer among them.

    The reason is one for all of them. Raises NotFound.
    """
    document, rows = _open_register(text)
    _find_index(rows, ident)
    return dump_yaml(document) if _keep_for_later(document, rows, {ident}, reason) else text


def _keep_for_later(document: Any, rows: Any, idents: Collection[str], reason: str | None) -> bool:
    """Put ``idents`` among what is left for later, without a reason take them out; tell whether that changes anything."""
    postponed = document.get("not_modelled_yet") or {}
    before = list(postponed.get("clauses") or ())
    named = {clause_id for clause_id in before if clause_id not in idents} | (set(idents) if reason else set())
    if reason is None and len(named) == len(before):
        return False
    if named:
        ordered = [str(row["id"]) for row in rows if row["id"] in named]
        document["not_modelled_yet"] = {"clauses": ordered, "reason": reason or postponed.get("reason", "")}
    else:
        document.pop("not_modelled_yet")
    return True


AMENDMENT = "amendment"
"""The key of the register under which a version says what becomes of running cases."""


def set_amendment(text: str, amendment: Mapping[str, Any]) -> str:
    """Return ``text`` with what the version says about running cases, instead of what an earlier one said."""
    document, _ = _open_register(text)
    document[AMENDMENT] = flow_row(amendment)
    return dump_yaml(document)


def remove_clause(text: str, ident: str) -> str:
    """Return ``text`` without clause ``ident``; raises NotFound."""
    register = OpenRegister(text)
    register.remove(ident)
    return register.text()


class OpenRegister:
    """A register read once, changed any number of times, and written once."""

    def __init__(self, text: str) -> None:
        self._document, self._rows = _open_register(text)

    def text(self) -> str:
        """Return the register as a file keeps it."""
        return dump_yaml(self._document)

    def change(self, ident: str, said: Mapping[str, Any]) -> None:
        """Let clause ``ident`` say what ``said`` says; None takes a key away. Raises NotFound."""
        row = self._rows[_find_index(self._rows, ident)]
        for key, value in said.items():
            if value is None:
                row.pop(key, None)
            elif row.get(key) != value:
                row[key] = flow_list(value) if isinstance(value, list) else value

    def remove(self, ident: str) -> None:
        """Take clause ``ident`` out; raises NotFound."""
        place = _find_index(self._rows, ident)
        _keep_for_later(self._document, self._rows, {ident}, None)
        del self._rows[place]

    def insert(self, clause: Clause) -> None:
        """Put ``clause`` at its place in the order of articles and items, last where it has no number; raises Invalid."""
        numbers = _order_of_place(clause.article)
        places = [_order_of_place(str(row["article"])) for row in self._rows]
        before = [n for n, place in enumerate(places, 1) if place and place <= numbers]
        behind = (n for n, place in enumerate(places) if numbers and place > numbers)
        _put_in(self._rows, [clause], before[-1] if before else next(behind, len(places)))


def _open_register(text: str) -> tuple[Any, Any]:
    parse_yaml(text.encode(), "law.yaml")
    document = load_yaml(text)
    rows = document.get("clauses") if isinstance(document, dict) else None
    if rows is None:
        raise Invalid(Text("law.yaml 中没有 clauses。", "law.yaml has no clauses."))
    if not rows:  # "clauses: []" grows on lines of its own
        rows.fa.set_block_style()
    return document, rows


def _find_index(rows: Any, ident: str) -> int:
    for index, row in enumerate(rows):
        if row.get("id") == ident:
            return index
    raise NotFound(Text(f"没有条款“{ident}”。", f"There is no clause “{ident}”."))


def _build_row(clause: Clause) -> CommentedMap:
    optional = {key: value for key in _OPTIONAL if (value := getattr(clause, key))}
    return flow_row(
        {"id": clause.id, "article": clause.article, "kind": clause.kind, "summary": clause.summary, **optional}
    )


def _quote_title(title: str) -> str:
    return "'" + title.replace("'", "''").replace("\n", " ") + "'"


def _numbers_of_place(place: str) -> tuple[int, ...]:
    """Return the numbers of a passage, by which it stands in its text: 第十一条第（二）项 as 11, 2; 二（一）2 as 2, 1, 2."""
    article = re.match(rf"第({HAN_NUMERAL})条", place)
    item = re.search(rf"第（({HAN_NUMERAL})）项", place)
    if not article and (part := re.fullmatch(rf"({HAN_NUMERAL})（({HAN_NUMERAL})）([0-9]*)", place)):
        return (read_han(part[1]), read_han(part[2]), *([int(part[3])] if part[3] else []))
    return tuple(read_han(match[1]) for match in (article, item) if match)


def _order_of_place(place: str) -> tuple[int, ...]:
    """Return what sorts passages as their text has them: 第九条第（三）项 before 第九条第二款; () for what has no number."""
    paragraph = re.match(rf"第{HAN_NUMERAL}条第({HAN_NUMERAL})款", place)
    numbers = _numbers_of_place(place)
    if not _ARTICLE.match(place) or len(numbers) + bool(paragraph) == 1:
        return numbers
    return (numbers[0], read_han(paragraph[1]) if paragraph else 0, *numbers[1:])
