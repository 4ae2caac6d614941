"""Values read from the records, handed to the diagram under one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Text, Work, only_computes, operation


@dataclass(frozen=True, slots=True)
class TakeValues:
    """What is read."""

    values: dict[str, str] = field(
        default_factory=dict,
        metadata={"help": '名称和 FEEL 文本，按办件记录计算，例如 {recommender: "application.audit_unit"}'},
    )
    given: dict[str, Any] = field(
        default_factory=dict,
        metadata={"help": '名称和值，照写的交出，不再计算，例如 {equals: "chair", caps: param.caps}'},
    )


@operation("values.take", Text("取值", "Read values"), undo=only_computes)
def take(work: Work, parameters: TakeValues) -> Mapping[str, Any]:
    """Compute every value over the record scope, beside what is given; a called diagram reads them under the result's name."""
    return {**parameters.given, **{name: work.evaluate(text) for name, text in parameters.values.items()}}
