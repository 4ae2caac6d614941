"""Columns that the program reads and the database lacks, although its tables are of the right revision."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store.rows import metadata

_NAMED = 5


class ColumnsLacking(LaurelError):
    """Another program called its revisions as this one does, and made other tables: pages would break one by one."""

    code = "columns_lacking"

    def __init__(self, names: Sequence[str]) -> None:
        some, count = "、".join(names[:_NAMED]), len(names)
        super().__init__(
            Text(
                f"数据表已是本版的编号，却缺少 {some}（共 {count} 列）：曾由另一份程序升级。没有启动，什么也没有改动。"
                "请用那份程序启动，或者请维护人员补上这些列。",
                f"The tables bear this program's revision and lack {', '.join(names[:_NAMED])} ({count} columns): another"
                " program upgraded them. Nothing was started or changed: start that program, or have these columns added.",
            )
        )


def demand_all_columns(connection: sa.Connection) -> None:
    """Raise ColumnsLacking where the tables lack what this program reads."""
    there = sa.inspect(connection).get_multi_columns()
    names = {table: {column["name"] for column in columns} for (_, table), columns in there.items()}
    found = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name not in names.get(table.name, ())
    ]
    if found:
        raise ColumnsLacking(found)
