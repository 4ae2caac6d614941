"""Decide whether two entries are one organisation: after a change of name, a merger, an import without code."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import APPLICANT_KINDS, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.subjects.case_subjects import format_body_code
from service.casework.subjects.register_facts import doubtful_among, doubtful_organisations, has_doubtful_name
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BodyRow


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two organisations that may be one: each as (body id, name, credit code; an individual's is masked)."""

    one: tuple[int, str, str]
    other: tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class DoubtPage:
    """A page of pairs; ``after`` continues it: the number of the organisation that was looked at last."""

    doubts: tuple[Doubt, ...]
    after: int | None


PAGE = 50


@guarded("register.import")
def list_doubts(desk: Desk, actor: Actor, after: int | None = None) -> DoubtPage:
    """Return the undecided pairs of organisations that share a name, present or former, by the number of the first.

    A page goes on until the organisation that fills it has all its pairs.
    """
    del actor
    doubts_list: list[Doubt] = []
    last = after or 0
    with desk.store.read() as tx:
        while bodies := tx.bodies.perhaps_doubled(APPLICANT_KINDS, last, PAGE):
            for body, others in doubtful_among(tx, bodies):
                pairs = [
                    Doubt(_describe_body(body), _describe_body(other))
                    for other in others
                    if _is_first_of_pair(body, other)
                ]
                if pairs and len(doubts_list) >= PAGE:
                    return DoubtPage(tuple(doubts_list), last)
                doubts_list += pairs
                last = body.id
    return DoubtPage(tuple(doubts_list), None)


def _is_first_of_pair(body: BodyRow, other: BodyRow) -> bool:
    """Return whether ``body`` tells of the pair: the older entry does, unless the doubt is only about the younger."""
    return body.id < other.id or not has_doubtful_name(other, body)


@guarded("register.import")
def confirm_same(desk: Desk, actor: Actor, body_id: int, other: int, *, same: bool) -> None:
    """Record that ``body_id`` and ``other`` are, or are not, the same organisation; awards and bars then count for both.

    Raises:
        Invalid: one of them is no organisation, both are one entry, or nobody doubts which they are.
    """
    del actor
    with desk.store.write() as tx:
        a, b = tx.bodies.get(body_id), tx.bodies.get(other)
        if body_id == other or a.kind not in APPLICANT_KINDS or b.kind not in APPLICANT_KINDS:
            raise Invalid(Text("请选择两家不同的组织。", "Choose two different organisations."))
        if not {body_id, other} & {o.id for o in (*doubtful_organisations(tx, a), *doubtful_organisations(tx, b))}:
            raise Invalid(
                Text(
                    "这两家组织没有待确认的疑点：名称不同，或者已经确认过。",
                    "There is no doubt about these two: their names differ, or it was decided already.",
                )
            )
        _record_decision(tx, a, b.id, same=same)
        _record_decision(tx, b, a.id, same=same)


def _record_decision(tx: Transaction, body: BodyRow, other: int, *, same: bool) -> None:
    details = dict(body.details or {})
    for key, wanted in (("same_as", same), ("not_same_as", not same)):
        remaining_ids = [int(i) for i in details.get(key, ()) if int(i) != other]
        details[key] = [*remaining_ids, other] if wanted else remaining_ids
    tx.bodies.upsert("*", body.key, kind=body.kind, name=body.name, name_en=body.name_en, details=details)


def _describe_body(body: BodyRow) -> tuple[int, str, str]:
    return body.id, body.name, format_body_code(body)
