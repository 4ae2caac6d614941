"""What of the time before a past round its replay does not know."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.text import Text
from service.store import Transaction
from service.store.rows import CaseRow


def earlier_rounds(tx: Transaction, root: CaseRow) -> Iterator[Text]:
    """Say that the rounds before the one below ``root`` are not repeated with it, where there were any."""
    rounds = tx.cases.roots(root.jurisdiction, root.award, root.process)
    before = sum(other.id < root.id for other in rounds)
    if before:
        yield Text(
            f"此前启动的{before}届不随这一届重演：距上一届的间隔只按当时填写的计算，系统中记录的前届日期不计。",
            f"The {before} rounds started before are not repeated with this one: the time since the last is counted by "
            "what was typed then alone, not by the days that the system has on record.",
        )
