"""Clauses out of confirmed passages: each piece gets an id from its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.catalog.law.law import Clause, Law
from service.domain.errors import Invalid
from service.domain.text import Text

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_LONGEST_SUMMARY = 60
KINDS: dict[str, Text] = {
    "time_limit": Text("期限", "time limit"),
    "quota": Text("名额", "quota"),
    "vote": Text("表决", "vote"),
    "prize": Text("奖励", "prize"),
    "notice": Text("公示、公告", "notice"),
    "objection": Text("异议", "objection"),
    "eligibility": Text("申报条件", "eligibility"),
    "procedure": Text("程序", "procedure"),
    "record": Text("材料和记录", "record"),
    "role": Text("机构职责", "role"),
    "duty": Text("义务", "duty"),
    "prohibition": Text("禁止", "prohibition"),
    "sanction": Text("处理、撤销", "sanction"),
    "confidentiality": Text("保密", "confidentiality"),
    "fee": Text("费用", "fee"),
    "definition": Text("定义", "definition"),
    "validity": Text("施行、有效期", "validity"),
    "other": Text("其他", "other"),
}
"""Kinds of clauses with what people call them."""


@dataclass(frozen=True, slots=True)
class LawPiece:
    """A part of a passage that becomes one clause: one requirement."""

    place: str
    numbers: tuple[int, ...]
    text: str
    summary: str = ""


def clauses_of(prefix: str, pieces: Sequence[LawPiece], taken: Collection[str] = ()) -> tuple[Clause, ...]:
    """Return a clause for each of ``pieces``, with ids that are not among ``taken``.

    Ids follow from place and order: WQ-11-2b is the second requirement of item (2) of article 11; where an article has
    no items its requirements are counted: WQ-3-4. Raises Invalid for a prefix that is no word in capitals, and for a piece
    without a place.
    """
    if not _PREFIX.fullmatch(prefix):
        raise Invalid(
            Text(
                f"条款编号前缀“{prefix}”应为一至八个大写字母或数字，字母开头，例如 WQ。",
                f"The prefix of clause ids, “{prefix}”, should be one to eight capitals or digits such as WQ.",
            )
        )
    nowhere = next((piece.text for piece in pieces if not piece.place.strip()), None)
    if nowhere is not None:
        raise Invalid(
            Text(
                f"“{_in_short(nowhere)}”没有写出处。请写明第几条，例如“第三条”；不登记的取消勾选。",
                f"“{_in_short(nowhere)}” has no place: say of which article it is, such as 第三条, or do not register it.",
            )
        )
    with_items = {piece.numbers[0] for piece in pieces if len(piece.numbers) > 1}
    of_place = Counter(_build_base_id(prefix, piece, with_items) for piece in pieces)
    used, at = set(taken), Counter[str]()
    clauses = []
    for piece in pieces:
        base = _build_base_id(prefix, piece, with_items)
        while True:
            at[base] += 1
            counted = len(piece.numbers) == 1 and piece.numbers[0] not in with_items
            ident = f"{base}-{at[base]}" if counted else base + _get_letter(at[base], of_place[base])
            if ident not in used:
                break
        used.add(ident)
        clauses.append(_build_clause(ident, piece))
    return tuple(clauses)


def _build_base_id(prefix: str, piece: LawPiece, with_items: Collection[int]) -> str:
    lead = piece.numbers[0] in with_items and len(piece.numbers) == 1
    return "-".join([prefix, *map(str, piece.numbers), *(["0"] if lead else [])])


def _get_letter(at: int, of_place: int) -> str:
    """Return a, b, c for the first, second, third of several; "" for the only one."""
    if at == 1 and of_place == 1:
        return ""
    high, low = divmod(at - 1, len(_LETTERS))
    return (_LETTERS[high - 1] if high else "") + _LETTERS[low]


def _build_clause(ident: str, piece: LawPiece) -> Clause:
    text = piece.text.strip()
    summary = piece.summary.strip() or _in_short(text)
    return Clause(ident, piece.place, "other", summary, None, None, text="" if summary == text else text)


def _in_short(text: str) -> str:
    """Return a text, or its beginning where it is long: up to a mark of its sentence, with … behind it."""
    if len(text) <= _LONGEST_SUMMARY:
        return text
    begun = text[: _LONGEST_SUMMARY - 1]
    mark = max(begun.rfind(sign) for sign in "，。；、：")
    return f"{begun[:mark] if mark > _LONGEST_SUMMARY // 2 else begun}…"


def prefix_of(law: Law) -> str:
    """Return what the clause ids of ``law`` begin with."""
    heads = [ident.partition("-")[0] for ident in law.clauses]
    return max(set(heads), key=heads.count) if heads else "A"
