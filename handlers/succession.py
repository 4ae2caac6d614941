"""Operation that passes a candidacy or a title to a successor: after a merger, a division, a change of name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Text, Work, operation


@dataclass(frozen=True, slots=True)
class Succeed:
    """Which award, who follows, why and since when; texts are FEEL over the records."""

    name_from: str = field(metadata={"help": "FEEL 文本，承继单位的名称"})
    code_from: str = field(metadata={"help": "FEEL 文本，承继单位的统一社会信用代码；更名的不变"})
    ground_from: str = field(metadata={"help": "FEEL 文本，事由：renaming 更名，merger 合并，division 分立"})
    on: date = field(metadata={"help": "生效日期"})
    basis_from: str = field(metadata={"help": "FEEL 文本，依据：登记机关的文书、合并分立协议等"})
    predecessor_from: str = field(
        default='""', metadata={"help": "FEEL 文本，联合持有的，被承继的联合单位的名称；空则为牵头单位"}
    )
    title: bool = field(default=True, metadata={"help": "false 称号、申报不转移，只承继禁止申报等处理"})
    award: int | None = field(default=None, metadata={"help": "登记编号；评审中的申报没有"})


@operation(
    "register.succeed",
    Text("登记承继", "Record a succession"),
    result={"ok": "boolean", "problem": "string", "result": "string"},
    options={"result": ("renamed", "passed", "joined", "kept")},
)
def succeed(work: Work, parameters: Succeed) -> Mapping[str, Any]:
    """Let another organisation follow the one of the case: it keeps validity and number, bars, and the tasks that wait.

    What the predecessor won and was sanctioned for counts for the successor from now on; the cases about it, from the
    uppermost down, and the lists of the round bear the new name. ``result`` says what that brings about: ``joined``
    where the successor is a candidate of the same round itself, and this candidacy does not pass to it. ``problem``
    says what is wrong with what was entered; then nothing is changed.
    """
    return work.register.succeed(
        None if parameters.award is None else int(parameters.award),
        name=str(work.evaluate(parameters.name_from) or ""),
        code=str(work.evaluate(parameters.code_from) or ""),
        ground=str(work.evaluate(parameters.ground_from) or ""),
        on=parameters.on,
        basis=str(work.evaluate(parameters.basis_from) or ""),
        title=bool(parameters.title),
        of=str(work.evaluate(parameters.predecessor_from) or ""),
    )
