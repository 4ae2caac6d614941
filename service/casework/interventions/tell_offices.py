"""What a batch of interventions came to, told to each office in one message instead of one for every case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from service.casework.access.roles import office_role
from service.casework.desk.desk import Desk
from service.casework.interventions.kinds import title_of
from service.casework.step.post import leading, letter_rows, put
from service.domain.text import Text
from service.store import Transaction
from service.store.models import InterventionBatchRow

_NAMED = 20
"""Cases named in a message; of more the number is told, each case says it in its own history."""


def tell_offices(desk: Desk, tx: Transaction, row: InterventionBatchRow, changed: Sequence[int], now: datetime) -> None:
    """Queue one message to the office of each place of the cases that the batch changed."""
    author = tx.people.named({row.person_id}).get(row.person_id, "")
    for (place, role), cases in _by_office(desk, tx, changed).items():
        subject, text = _letter(row, author, tx.cases.titles(cases[:_NAMED]), len(cases))
        people = tx.deputies.reached(place, role, None, now)
        rows = letter_rows(people, None, f"news:intervened:{row.id}:{place}:{role}", subject, text, now)
        tx.work.enqueue_many(put(desk, tx, rows, now), now)


def _by_office(desk: Desk, tx: Transaction, cases: Sequence[int]) -> Mapping[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    roles: dict[str, str] = {}
    for ident, (place, version) in tx.cases.definitions_of(cases).items():
        if version not in roles:
            roles[version] = office_role(desk.packages.get(version, tx))
        found.setdefault((place, roles[version]), []).append(ident)
    return found


def _letter(row: InterventionBatchRow, author: str, titles: Mapping[int, str], count: int) -> tuple[Text, Text]:
    what = title_of(row.kind)
    subject = Text(f"管理员干预：{what.zh}，{count}件", f"An administrator intervened: {what.en}, cases: {count}")
    left = count - len(titles)
    named_zh, named_en = (
        "、".join(f"“{one}”" for one in titles.values()),
        ", ".join(f"“{one}”" for one in titles.values()),
    )
    text = Text(
        f"{what.zh}，共{count}件：{named_zh}{f'，另有{left}件' if left else ''}。\n原因：{row.reason}（{author}）\n"
        "如有异议，请联系管理员；每一件的经过见其办理记录。",
        f"{what.en}, cases: {count}: {named_en}{f' and {left} more' if left else ''}.\nWhy: {row.reason} ({author})\n"
        "If you object, ask the administrator; the history of each case tells all.",
    )
    return subject, leading(text, "/cases")
