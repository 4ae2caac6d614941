"""Whether a sitting, its minutes and its list are as the program wrote them: nothing is done by what others wrote there."""

from __future__ import annotations

from service.casework.access.altered_state import RowAltered
from service.domain.text import Text
from service.store import Transaction
from service.store.repositories.review.sittings import SittingFault
from service.store.rows import CaseRow, SittingRow


def demand_own_sitting(tx: Transaction, case: CaseRow, row: SittingRow) -> None:
    """Raise RowAltered where others wrote, changed or took out anything of a sitting but its papers."""
    fault = tx.sittings.fault_of(row)
    if fault is not None:
        raise RowAltered(
            case, Text(f"会议“{row.title}”的记录", f"The record of the sitting “{row.title}”"), words_of(fault)
        )


def words_of(fault: SittingFault) -> Text:
    """Name table and row, or how many people are missing from a list."""
    if fault.called is not None:
        return Text(
            f"表 {fault.table} 中 {fault.row} 的应有{fault.called}行，现有{fault.there}行，缺的不是由本系统删除的",
            f"{fault.called} rows of table {fault.table} have {fault.row}, and {fault.there} are there: the program did not"
            " delete what is missing",
        )
    return Text(
        f"表 {fault.table} 第{fault.row}行没有本系统的印记",
        f"row {fault.row} of table {fault.table} lacks the seal of this program",
    )
