"""Operation on lists: compiled from child cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Text, Work, operation, read_more


@dataclass(frozen=True, slots=True)
class Compile:
    """Which cases give a row, and what stands in it."""

    name: str = field(metadata={"help": "记录名单的事实名", "facts": ("{}",)})
    row: dict[str, str] = field(
        metadata={
            "formula": True,
            "help": "各列名和 FEEL 文本，child 为下级办件及其事实，child.earlier、child.sanctions 为该组织的获奖和处理登记，"
            "与 register.awards、register.sanctions 同形；child.cases 为它的下级办件",
        }
    )
    process: str | None = field(default=None, metadata={"help": "只取这一类下级办件；空则全部"})
    where: str = field(default="true", metadata={"formula": True, "help": "FEEL 文本，为真的才列入"})


@operation("list.compile", Text("编制名单", "Compile a list"), result={"count": "number", "cases": "list"})
def compile_list(work: Work, parameters: Compile) -> Mapping[str, Any]:
    """Record a list with one row for every child case that meets the condition, oldest first; ``cases`` are their ids."""
    children = [child.row for child in work.cases.children(parameters.process)]
    chosen = [child for child in children if work.selects(parameters.where, {"child": child})]
    chosen = [read_more(work, child, parameters.row.values()) for child in chosen]
    rows = [_build_row(work, parameters.row, child) for child in chosen]
    work.cases.set({parameters.name: rows})
    return {"count": len(rows), "cases": [child["id"] for child in chosen]}


def _build_row(work: Work, columns: Mapping[str, str], child: Mapping[str, Any]) -> dict[str, Any]:
    return {name: work.evaluate(text, {"child": child}) for name, text in columns.items()}
