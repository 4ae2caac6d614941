"""Doing what a batch tried is asked for as it was tried: what is said once more, and otherwise, is refused by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from service.domain.errors import Invalid
from service.domain.text import Text
from service.store.models import InterventionBatchRow


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """What is said when a trial is to be done; None leaves it as it was tried.

    ``cases`` are those chosen, ``excluded`` those of them that are left out; ``reason`` may be worded anew.
    """

    kind: str | None = None
    given: Mapping[str, str] | None = None
    cases: Collection[int] | None = None
    excluded: Collection[int] | None = None
    public: bool | None = None
    reason: str | None = None


def demand_as_tried(row: InterventionBatchRow, tried: Collection[int], again: AskedAgain) -> None:
    """Raise Invalid, naming what differs, unless ``again`` asks for what the batch ``row`` tried in the cases ``tried``."""
    left_out: Collection[int] = row.excluded or ()
    chosen = {*tried, *left_out} if again.cases is None else set(again.cases)
    chosen -= set(left_out if again.excluded is None else again.excluded)
    differs = {
        Text("干预的种类（kind）", "the kind (`kind`)"): again.kind not in (None, row.kind),
        Text("填写的内容（values）", "what was filled in (`values`)"): again.given is not None
        and dict(again.given) != dict(row.given),
        Text("原因是否公开（public）", "whether the reason is public (`public`)"): again.public
        not in (None, row.public),
        Text("选择的办件（cases、matching、excluded）", "the cases (`cases`, `matching`, `excluded`)"): chosen
        != set(tried),
    }
    found = [what for what, otherwise in differs.items() if otherwise]
    if found:
        zh, en = "、".join(what.zh for what in found), ", ".join(what.en for what in found)
        raise Invalid(
            Text(
                f"要办理的和试算的不是同一项内容：{zh}不同，没有办理。请重新试算；照试算的内容办理的，这几项可以不写。",
                f"What is to be done is not what was tried and nothing was done; this differs: {en}."
                " Try it anew; to do what was tried, leave out what may be left out.",
            )
        )
