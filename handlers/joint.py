"""Operation for joint applications (联合申报)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Text, Work, operation


@dataclass(frozen=True, slots=True)
class Join:
    """Who joins the organisation of the case."""

    rows: str = field(
        metadata={
            "help": "FEEL 文本，给出联合单位各行：name 为名称，code 为统一社会信用代码；没有则为空表",
            "facts": ("partners",),
        }
    )


@operation("case.join", Text("登记联合申报单位", "Join partners"), result={"ok": "boolean", "problem": "string"})
def join(work: Work, parameters: Join) -> Mapping[str, Any]:
    """Let organisations apply together: bans, awards and recusals of each count, certificates and register name all.

    Where a code or a name is wrong none is joined, and ``problem`` says what to correct.
    """
    problem = work.cases.join(work.evaluate(parameters.rows) or [])
    return {"ok": not problem, "problem": problem}
