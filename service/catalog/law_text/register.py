"""Changes of a clause register (law.yaml) in place: what is not changed keeps its bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap

from service.catalog.law import Clause, Renumbering
from service.catalog.law_text.renumber import MovedArticles, place_numbers, renumbered, written
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.yaml import parse_yaml
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text

REASONS = ("informative", "outside", "words_only")
"""Keys of a clause that hold the reason why no step carries it out."""
_GONE = "删去"
LATER = "later"
"""The word for clauses that the procedure should carry out and does not yet."""
_OPTIONAL = ("text", *REASONS)


def new_register(title: str, clauses: Iterable[Clause]) -> str:
    """Return a law.yaml with ``clauses``."""
    return add_clauses(f"law: {_quoted(title)}\nclauses: []\n", clauses)


def add_clauses(text: str, clauses: Iterable[Clause], after: str = "") -> str:
    """Return ``text`` with ``clauses`` behind clause ``after``, at the end where that is "" or not there.

    Raises Invalid for an id that stands there already.
    """
    _, rows = _opened(text)
    place = next((n + 1 for n, row in enumerate(rows) if after and row.get("id") == after), len(rows))
    return _added(text, clauses, place)


def _added(text: str, clauses: Iterable[Clause], place: int) -> str:
    document, rows = _opened(text)
    known = {row.get("id") for row in rows}
    for clause in clauses:
        if clause.id in known:
            message = Text(f"条款编号“{clause.id}”已经有了。", f"There is a clause “{clause.id}” already.")
            raise Invalid(message)
        known.add(clause.id)
        rows.insert(place, _row(clause))
        place += 1
    return dump_yaml(document)


def insert_clauses(text: str, clauses: Iterable[Clause]) -> str:
    """Return ``text`` with each of ``clauses`` at its place in the order of articles and items; raises Invalid.

    What has no number comes last.
    """
    for clause in clauses:
        numbers = place_numbers(clause.article)
        _, rows = _opened(text)
        places = [place_numbers(str(row["article"])) for row in rows]
        before = [str(row["id"]) for row, place in zip(rows, places, strict=True) if place <= numbers]
        first = bool(numbers and rows and not before)
        after = before[-1] if numbers and before else ""
        text = _added(text, [clause], 0) if first else add_clauses(text, [clause], after)
    return text


def change_clause(text: str, ident: str, said: Mapping[str, str | None]) -> str:
    """Return ``text`` with what ``said`` says of clause ``ident``; None takes a key away. Raises NotFound."""
    document, rows = _opened(text)
    row = rows[_index(rows, ident)]
    for key, value in said.items():
        if value is None:
            row.pop(key, None)
        elif row.get(key) != value:
            row[key] = value
    return dump_yaml(document)


def settle_clauses(text: str, idents: Sequence[str], key: str, reason: str) -> str:
    """Return ``text`` with one ``reason`` for each of the clauses ``idents``: as ``key`` says, and as nothing else.

    ``key`` is informative, outside, words_only or later; "" takes every reason away. Raises NotFound.
    """
    document, rows = _opened(text)
    for ident in idents:
        row = rows[_index(rows, ident)]
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
    document, rows = _opened(text)
    _index(rows, ident)
    return dump_yaml(document) if _keep_for_later(document, rows, {ident}, reason) else text


def _keep_for_later(document: Any, rows: Any, idents: Collection[str], reason: str | None) -> bool:
    """Put ``idents`` among what is left for later, without a reason take them out; tell whether that changes anything."""
    held = document.get("not_modelled_yet") or {}
    before = list(held.get("clauses") or ())
    named = {one for one in before if one not in idents} | (set(idents) if reason else set())
    if reason is None and len(named) == len(before):
        return False
    if named:
        ordered = [str(row["id"]) for row in rows if row["id"] in named]
        document["not_modelled_yet"] = {"clauses": ordered, "reason": reason or held.get("reason", "")}
    else:
        document.pop("not_modelled_yet")
    return True


def set_amendment(text: str, said: Mapping[str, Any]) -> str:
    """Return ``text`` with what the version says about running cases, instead of what an earlier one said."""
    document, _ = _opened(text)
    row = CommentedMap(said)
    row.fa.set_flow_style()
    document["amendment"] = row
    return dump_yaml(document)


def renumber_clauses(text: str, moved: MovedArticles, title: str, worded: Collection[str]) -> str:
    """Return ``text`` with the new articles, and their new numbers in what clauses say.

    The words of the clauses ``worded`` name the new numbers already.
    """
    document, rows = _opened(text)
    for row in rows:
        ident = str(row["id"])
        said = Clause(ident, str(row["article"]), "", str(row["summary"]), None, None, text=str(row.get("text", "")))
        after = renumbered(said, moved, title, words=ident not in worded)
        for key in ("article", "summary", "text"):
            if getattr(after, key) != getattr(said, key):
                row[key] = getattr(after, key)
    return dump_yaml(document)


def set_renumbering(text: str, moved: Renumbering) -> str:
    """Return ``text`` with what has still to follow new numbers of articles; without such files it says nothing of them."""
    document, _ = _opened(text)
    document.pop("renumbered", None)
    if moved.follow or moved.look:
        numbers = {written(old): written(new) if new else _GONE for old, new in moved.articles.items()}
        held = {"articles": numbers, "follow": list(moved.follow), "look": list(moved.look)}
        document["renumbered"] = {key: value for key, value in held.items() if value}
    return dump_yaml(document)


def remove_clause(text: str, ident: str) -> str:
    """Return ``text`` without clause ``ident``; raises NotFound."""
    document, rows = _opened(leave_for_later(text, ident, None))
    del rows[_index(rows, ident)]
    return dump_yaml(document)


def _opened(text: str) -> tuple[Any, Any]:
    parse_yaml(text.encode(), "law.yaml")
    document = load_yaml(text)
    rows = document.get("clauses") if isinstance(document, dict) else None
    if rows is None:
        raise Invalid(Text("law.yaml 中没有 clauses。", "law.yaml has no clauses."))
    if not rows:  # "clauses: []" grows on lines of its own
        rows.fa.set_block_style()
    return document, rows


def _index(rows: Any, ident: str) -> int:
    for index, row in enumerate(rows):
        if row.get("id") == ident:
            return index
    raise NotFound(Text(f"没有条款“{ident}”。", f"There is no clause “{ident}”."))


def _row(clause: Clause) -> CommentedMap:
    row = CommentedMap(id=clause.id, article=clause.article, kind=clause.kind, summary=clause.summary)
    for key in _OPTIONAL:
        if value := getattr(clause, key):
            row[key] = value
    row.fa.set_flow_style()
    return row


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''").replace("\n", " ") + "'"
