"""Before a ranking, a count or an award is made, what it is made from must be what is on record."""

from __future__ import annotations

from collections.abc import Collection

from service.casework.digests.compare import altered
from service.casework.digests.holding import spoilt_record
from service.casework.step.step import Step
from service.domain.errors import LaurelError
from service.domain.text import Text

RANKED = ("score_sheet", "stage_score", "panel", "panel_member", "panel_case")
"""Tables that a ranking is made from."""

COUNTED = ("ballot", "ballot_roll", "ballot_recusal")
"""Tables that a count is made from."""

CONFERRED = ("case_instance", "ballot", "ballot_result", "stage_score", "score_sheet", "finding", "form_result")
"""Tables that an award rests on."""


class RecordsAltered(LaurelError):
    """Rows that decide were changed beside the program; nothing is made from them."""

    code = "records_altered"


def demand_as_recorded(step: Step, case_ids: Collection[int], tables: Collection[str]) -> None:
    """Raise RecordsAltered, which names table, row and column, where rows of the cases are not what was recorded.

    The records themselves must hold, too, or an older value could be put back and its newer record spoilt. The same is
    asked once in a unit of work.
    """
    written, asked = step.tx.written, (frozenset(case_ids), tuple(tables))
    if written is None or asked in written.sound:
        return
    found = altered(step.desk, step.tx, sorted(case_ids), tables)
    said = found[0].words if found else spoilt_record(step.desk, step.tx, case_ids)
    if said is not None:
        raise RecordsAltered(
            Text(
                f"数据在系统之外被改动，已停止办理：{said.zh}。请审计管理员运行 laurel audit verify 查明，恢复原值后再继续。",
                f"Data were changed beside the program, and it goes no further: {said.en}. The audit administrator runs"
                " laurel audit verify; put the value back, then go on.",
            )
        )
    written.sound.add(asked)
