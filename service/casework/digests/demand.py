"""Before a ranking, a count or an award is made, what it is made from must be what is on record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from service.casework.access.altered_state import RowAltered
from service.casework.desk.city_settings import first_broken_setting
from service.casework.desk.desk import Desk
from service.casework.records.compare import RANKED, WHOLE, Altered
from service.casework.records.holding import spoilt_record
from service.casework.records.signed_heads import newest_heads
from service.casework.step.altered_among import altered_among
from service.casework.step.step import Step
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import CHOICES, DECIDING, Transaction
from service.store.seals.counted_rows import BELOW, CountedRows

_Row = TypeVar("_Row")

COUNTED = ("ballot", "ballot_roll", "ballot_recusal")
"""Tables that a count is made from."""

SIGNED = ("sign_ask", "task_sign")
"""Tables of signatures beside tasks."""

CONFERRED = ("case_instance", "ballot", "ballot_result", "stage_score", "score_sheet", "finding", "form_result")
"""Tables that an award rests on."""


class RecordsAltered(LaurelError):
    """Rows that decide were changed beside the program; nothing is made from them."""

    code = "records_altered"


def demand_as_recorded(step: Step, case_ids: Collection[int], tables: Collection[str]) -> None:
    """Raise RecordsAltered, which names table, row and column, where rows of the cases are not what was recorded.

    So it is where a case below the one that steps was deleted. The records themselves must hold, too, or an older value
    could be put back and its newer record spoilt. The same is asked once in a unit of work.
    """
    written, asked = step.tx.written, (frozenset(case_ids), tuple(tables))
    if written is None or asked in written.sound:
        return
    missing = step.tx.row_counts.missing_of(BELOW, step.case.id)
    if missing is not None:
        raise _stopped(missing.words)
    found, heard = altered_among(step.desk, step.tx, step.case.id, case_ids, tables)
    said = found[0].words if found else spoilt_record(step.desk, step.tx, heard)
    if said is not None:
        raise _stopped(said)
    written.sound.add(asked)


def demand_rows_as_recorded(desk: Desk, tx: Transaction, case_id: int, rows: Collection[str], about: Text) -> None:
    """Raise RowAltered, which an incident tells of, where ``rows`` of a case are not what was recorded.

    A row is named as digests name it (``document:7``), or by the head of a key of several parts (``ballot_roll:7/``), and all
    of a table by its name alone (``task_sign:``).
    Nothing is demanded before each row must be on record.
    """
    whole, heads = {*rows}, tuple(row for row in rows if row.endswith(("/", ":")))
    tables = tuple(dict.fromkeys(row.partition(":")[0] for row in rows))
    _demand(desk, tx, case_id, tables, about, lambda row: row in whole or row.startswith(heads))


def demand_reviews_as_recorded(desk: Desk, tx: Transaction, case_id: int) -> None:
    """Raise RowAltered where a panel, a sheet or a result of the reviews of a case is not what was recorded."""
    _demand(desk, tx, case_id, RANKED, Text(f"办件{case_id}的评审记录", f"A review of case {case_id}"), bool)


def _demand(
    desk: Desk,
    tx: Transaction,
    case_id: int,
    tables: Collection[str],
    about: Text,
    wanted: Callable[[str], bool],
) -> None:
    """Raise RowAltered for a row that is ``wanted``; what another process may just be writing is looked at once more."""
    if desk.ballot_keys.known_secret(WHOLE) is None:
        return
    found: Altered | None = None
    for _ in range(2):
        found = next((one for one in altered_among(desk, tx, case_id, [case_id], tables)[0] if wanted(one.row)), None)
        if found is None:
            return
    assert found is not None
    raise RowAltered(tx.cases.get(case_id), about, found.words)


def demand_case_as_recorded(desk: Desk, tx: Transaction, case_id: int) -> None:
    """Raise RowAltered where any row of a case that decides is not what was recorded, as before it is archived or erased.

    Raises HistoryAltered where its history does not hold. What is left of it afterwards stands under our own seal.
    """
    tx.history.sound(case_id)
    _demand(
        desk, tx, case_id, tuple(DECIDING), Text(f"办件{case_id}的登记", f"What is on record of case {case_id}"), bool
    )


def demand_signs_as_recorded(desk: Desk, tx: Transaction, case_id: int, title: str) -> None:
    """Raise RowAltered where who was asked to sign in a case, what they said, or what goes through by it, is not what was recorded."""
    about = Text(f"“{title}”的会签", f"Signatures beside “{title}”")
    demand_rows_as_recorded(desk, tx, case_id, [f"{table}:" for table in SIGNED], about)


def demand_document_as_recorded(desk: Desk, tx: Transaction, case_id: int, document_id: int) -> None:
    """Raise RowAltered where an issued document, or which files are its own, is not what was recorded."""
    about = Text(f"文书{document_id}", f"Document {document_id}")
    demand_rows_as_recorded(desk, tx, case_id, [f"document:{document_id}"], about)


def demand_settings_as_recorded(desk: Desk, tx: Transaction, package: str) -> None:
    """Raise RecordsAltered where changes of a package's settings were altered or taken out, as their chain and its anchors say.

    One that others added does not hold, and stops nothing.
    """
    broken = first_broken_setting(tx.settings.of_package(package))
    if broken is not None:
        raise _stopped(
            Text(
                f"{package} 的设置记录第{broken}条被改动或缺失",
                f"change {broken} in the settings of {package} was altered or is missing",
            )
        )
    for head in tx.anchors.not_found([*newest_heads(desk, tx, {f"setting {package}"}).values()]):
        raise _stopped(
            Text(
                f"{package} 的设置记录第{head.seq}条与锚定时不同，或者已不存在",
                f"change {head.seq} in the settings of {package} is not what was anchored, or is gone",
            )
        )


def demand_sealed(step: Step, table: str, rows: Iterable[object]) -> None:
    """Raise RecordsAltered, which names row and columns, where others wrote one of ``rows`` of a table that bears seals."""
    for row in step.tx.choices.not_counting(table, rows):
        key, columns = "/".join(map(str, CHOICES[table].key_of(row))), CHOICES[table].bound
        raise _stopped(
            Text(
                f"表 {table} 第{key}行没有本系统的印记，{'、'.join(columns)} 中有列被改动，或者整行由他人写入",
                f"row {key} of table {table} lacks the seal of this program: one of its columns {', '.join(columns)} was changed,"
                " or others wrote the whole row",
            )
        )


def demand_all_there(step: Step, of: CountedRows, found: Mapping[object, int]) -> None:
    """Raise RecordsAltered, which names table, owner and count, where an owner has fewer rows than the ``found`` should be.

    ``found`` says of each owner how many rows were read.
    """
    for missing in step.tx.row_counts.missing(of, found):
        raise _stopped(missing.words)


def rows_by(rows: Iterable[_Row], owner: Callable[[_Row], object], owners: Iterable[object] = ()) -> dict[object, int]:
    """Return how many of ``rows`` each owner has, a copy not counted; of ``owners`` also who has none."""
    seals: dict[object, set[object]] = {one: set() for one in owners}
    for row in rows:
        seals.setdefault(owner(row), set()).add(getattr(row, "seal", None))
    return {one: len(found) for one, found in seals.items()}


def _stopped(said: Text) -> RecordsAltered:
    return RecordsAltered(
        Text(
            f"数据在系统之外被改动，已停止办理：{said.zh}。请审计管理员运行 laurel audit verify 查明，恢复原值后再继续。",
            f"Data were changed beside the program, and it goes no further: {said.en}. The audit administrator runs"
            " laurel audit verify; put the value back, then go on.",
        )
    )
