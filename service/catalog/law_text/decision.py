"""Read a decision that amends a regulation (修改决定): what each of its sentences wants changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from service.catalog.law_text.amendment_point import AmendmentAct, AmendmentPoint
from service.catalog.law_text.decision_orders import orders_of
from service.catalog.law_text.paragraphs import paragraphs_of
from service.catalog.law_text.quoted_words import continued, open_mark
from service.domain.wording.han_numerals import HAN_NUMERAL

_NUMBER = re.compile(rf"^(?:{HAN_NUMERAL}[、．.]|[（(]{HAN_NUMERAL}[)）]|\d{{1,2}}[.．、])\s*")
_OPENING = ("“", "「", '"')


def read_decision(text: str) -> tuple[AmendmentPoint, ...]:
    """Return what a decision orders, in its order.

    Every word that is neither an order nor a known formula comes as ``unread``. () for a text that orders nothing.
    """
    lines = _points(text)
    found = tuple(change for _, point in lines for change in orders_of(point))
    ordered = any(numbered for numbered, _ in lines) or any(one.act is not AmendmentAct.UNREAD for one in found)
    return found if ordered else ()


def in_force_on(points: Iterable[AmendmentPoint]) -> date | None:
    """Return the day from which the decision says it is in force; None where it names none, or several."""
    days = {point.text for point in points if point.act is AmendmentAct.IN_FORCE}
    return date.fromisoformat(days.pop()) if len(days) == 1 else None


def _points(text: str) -> list[tuple[bool, str]]:
    """Return the points, each with whether it is numbered and with the paragraphs of the wording that it quotes."""
    points: list[tuple[bool, list[str]]] = []
    opened, announced = "", False
    for paragraph in paragraphs_of(text):
        line = paragraph.text
        if points and (opened or (announced and line.startswith(_OPENING))):
            line = continued(line) if opened else line
            points[-1][1].append(line)
        else:
            points.append((bool(_NUMBER.match(line)), [_NUMBER.sub("", line)]))
        opened, announced = open_mark(opened + line), line.endswith(("：", ":"))
    return [(numbered, "\n".join(lines)) for numbered, lines in points]
