"""Who holds a role, so that each of them gets a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Text, Work, operation


@dataclass(frozen=True, slots=True)
class Holders:
    """Whose names are taken."""

    role: str = field(metadata={"help": "列出担任此角色的人员"})
    body: str | None = field(default=None, metadata={"help": "只限这一单位的人员；空则不限"})
    where: str = field(
        default="true", metadata={"help": "FEEL 文本，person 为人员（id、name），不为 false 的列入，例如排除回避者"}
    )


@operation("people.list", Text("列出任职人员", "List who holds a role"), result={"people": "list", "count": "number"})
def list_people(work: Work, parameters: Holders) -> Mapping[str, Any]:
    """Return the row numbers of those who hold a role: the list of a task that each does alone (``assignee``)."""
    holders = work.cases.holders(parameters.role, parameters.body)
    people = [
        holder.id
        for holder in holders
        if work.evaluate(parameters.where, {"person": {"id": holder.id, "name": holder.name}}) is not False
    ]
    return {"people": people, "count": len(people)}
