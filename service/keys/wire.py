"""What goes over the line to the key service and back, as JSON; a choice is as long as any other."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from service.domain.ballots import HallSheet, Handful, Mark, Papers, Question, UrnDamaged, UrnShape
from service.domain.ballots.count import BoxMismatch
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.keys.errors import KeyServiceRefused, NotReleased
from service.keys.urns import FreshKey, Holding, MadeUrn, NewUrn, StoredUrn, UrnKeeper, UrnLook
from service.store import KeyFolderGone, KeyLost, StorageFull

_LETTERS = {Mark.YES: "y", Mark.NO: "n", Mark.ABSTAIN: "a"}
_MARKS = {letter: mark for mark, letter in _LETTERS.items()}


def shape_json(shape: UrnShape) -> dict[str, Any]:
    """Return a shape as JSON."""
    return {
        "name": shape.name,
        "questions": [[q.tier, q.candidate] for q in shape.questions],
        "issued": shape.issued,
        "bound": shape.bound,
    }


def read_shape(told: Mapping[str, Any]) -> UrnShape:
    """Return the shape that `shape_json` wrote."""
    questions = tuple(Question(str(tier), str(candidate)) for tier, candidate in told["questions"])
    return UrnShape(str(told["name"]), questions, int(told["issued"]), bound=str(told["bound"]))


def new_json(new: NewUrn) -> dict[str, Any]:
    """Return a ballot about to open as JSON."""
    return {
        "shape": shape_json(new.shape),
        "secret": new.secret,
        "place": new.place,
        "title": new.title,
        "closes_at": _instant(new.closes_at),
    }


def _read_new(told: Mapping[str, Any]) -> NewUrn:
    return NewUrn(
        read_shape(told["shape"]),
        told["secret"] is True,
        str(told["place"]),
        str(told["title"]),
        _read_instant(told["closes_at"]),
    )


def _made_json(made: MadeUrn) -> dict[str, Any]:
    urn = None if made.urn is None else text_of_bytes(made.urn)
    return {"urn": urn, "key_name": made.key_name, "public_key": made.public_key}


def read_made(told: Mapping[str, Any]) -> MadeUrn:
    """Return what was made."""
    urn = None if told["urn"] is None else bytes_of(told["urn"])
    return MadeUrn(urn, told["key_name"], str(told["public_key"]))


def stored_json(urn: StoredUrn) -> dict[str, Any]:
    """Return an urn as JSON."""
    return {
        "content": text_of_bytes(urn.content),
        "shape": shape_json(urn.shape),
        "key_name": urn.key_name,
        "closes_at": _instant(urn.closes_at),
    }


def _read_stored(told: Mapping[str, Any]) -> StoredUrn:
    return StoredUrn(
        bytes_of(told["content"]),
        read_shape(told["shape"]),
        str(told["key_name"]),
        _read_instant(told["closes_at"]),
    )


def handful_json(handful: Handful, shape: UrnShape) -> dict[str, Any]:
    """Return papers as JSON: for each question of the shape its cells."""
    cells = handful.cells or {}
    return {
        "valid": handful.valid,
        "spoiled": handful.spoiled,
        "cells": [[text_of_bytes(cell) for cell in cells.get(question, ())] for question in shape.questions],
    }


def _read_handful(told: Mapping[str, Any], shape: UrnShape) -> Handful:
    cells = {q: [bytes_of(cell) for cell in each] for q, each in zip(shape.questions, told["cells"], strict=True)}
    return Handful(int(told["valid"]), int(told["spoiled"]), {}, cells)


def _papers_json(papers: Papers, shape: UrnShape) -> dict[str, Any]:
    slips = ["".join(_LETTERS[mark] for mark in papers.slips[question]) for question in shape.questions]
    return {"valid": papers.valid, "spoiled": papers.spoiled, "slips": slips}


def read_papers(told: Mapping[str, Any], shape: UrnShape) -> Papers:
    """Return the papers of an urn that was opened."""
    slips = zip(shape.questions, told["slips"], strict=True)
    marks = {question: tuple(_MARKS[letter] for letter in each) for question, each in slips}
    return Papers(int(told["valid"]), int(told["spoiled"]), marks)


def _fresh_json(fresh: FreshKey) -> list[str]:
    return [fresh.name, fresh.papers_key]


def _holding_json(holding: Holding | None) -> Any:
    return None if holding is None else [holding.needed, holding.holders, holding.given]


def read_holding(told: Any) -> Holding | None:
    """Return who opens an urn together."""
    if told is None:
        return None
    needed, holders, given = told
    return Holding(int(needed), tuple(map(str, holders)), tuple(map(str, given)))


def _look_json(look: UrnLook) -> list[Any]:
    return [look.papers, look.noted, look.newest]


def read_look(told: Any) -> UrnLook:
    """Return what was seen of an urn from outside."""
    papers, noted, newest = told
    return UrnLook(int(papers), None if noted is None else int(noted), newest is True)


def sheet_json(sheet: HallSheet, first: int) -> list[Any]:
    """Return a teller's sheet as JSON, with the person who is the first teller."""
    return [list(sheet.numbers), sheet.spoiled, {key: list(three) for key, three in sheet.marks.items()}, first]


def _read_sheet(told: Any) -> tuple[HallSheet, int]:
    numbers, spoiled, marks, first = told
    three = {str(key): (int(a), int(b), int(c)) for key, (a, b, c) in marks.items()}
    return HallSheet(tuple(map(int, numbers)), int(spoiled), three), int(first)


def text_of_bytes(content: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(content).decode()


def bytes_of(text: str) -> bytes:
    """Return the bytes of a text; raises ValueError."""
    return base64.b64decode(text, validate=True)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read_instant(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


def _cast(keeper: UrnKeeper, told: Mapping[str, Any]) -> Any:
    urn = _read_stored(told["urn"])
    handful = _read_handful(told["handful"], urn.shape)
    return text_of_bytes(keeper.cast(urn, str(told["fresh"]), handful, int(told["papers"]), str(told["bound"])))


def _compare_sheet(keeper: UrnKeeper, told: Mapping[str, Any]) -> Any:
    sheet, first = _read_sheet(told["sheet"])
    return keeper.compare_sheet(str(told["box"]), bytes_of(told["kept"]), first, sheet)


def _empty(keeper: UrnKeeper, told: Mapping[str, Any]) -> Any:
    urn = _read_stored(told["urn"])
    return _papers_json(keeper.empty(urn), urn.shape)


CALLS: Mapping[str, Callable[[UrnKeeper, Mapping[str, Any]], Any]] = MappingProxyType(
    {
        "make": lambda keeper, told: _made_json(keeper.make(_read_new(told))),
        "prepare": lambda keeper, told: _fresh_json(keeper.prepare(str(told["box"]))),
        "holding": lambda keeper, told: _holding_json(keeper.holding(str(told["box"]))),
        "receipts": lambda keeper, told: [
            [receipt.number, receipt.text]
            for receipt in keeper.receipts(str(told["box"]), list(map(int, told["numbers"])))
        ],
        "cast": _cast,
        "look": lambda keeper, told: _look_json(keeper.look(_read_stored(told["urn"]))),
        "empty": _empty,
        "keep_sheet": lambda keeper, told: text_of_bytes(
            keeper.keep_sheet(str(told["box"]), *_read_sheet(told["sheet"]))
        ),
        "compare_sheet": _compare_sheet,
        "drop": lambda keeper, told: keeper.drop(str(told["box"]), tuple(map(str, told["names"]))),
        "destroy": lambda keeper, told: keeper.destroy(str(told["box"])),
        "missing": lambda keeper, told: sorted(keeper.missing([(str(box), str(name)) for box, name in told["keys"]])),
    }
)
"""What may be asked of the key service, by name."""

_WITH_WORDS: tuple[type[LaurelError], ...] = (BoxMismatch, NotReleased)
_WITHOUT: tuple[Callable[[], LaurelError], ...] = (UrnDamaged, KeyLost, KeyFolderGone, StorageFull)


def refusal_json(error: LaurelError) -> dict[str, Any]:
    """Return a refusal as JSON."""
    return {"code": error.code, **error.message.as_json()}


def read_refusal(told: Mapping[str, Any]) -> LaurelError:
    """Return the refusal that the key service sent."""
    for made in (kind() for kind in _WITHOUT):
        if made.code == told.get("code"):
            return made
    words = Text(str(told.get("zh", "")), str(told.get("en", "")))
    return next((kind(words) for kind in _WITH_WORDS if kind.code == told.get("code")), KeyServiceRefused(words))
