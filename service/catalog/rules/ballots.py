"""Ballots: a vote whose rules count those present is given the attendance."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, error
from service.catalog.rules.frames import taken
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text

COUNT, GIVEN = "ballot.count", "attended"
_ASKING = {"vote_quorum_counts": "sign_in", "vote_threshold_base": "members_signed_in"}


@check(Extent.PACKAGE, "attendance_unsaid")
def attendance_given(checked: Checked) -> Iterator[Problem]:
    """A vote whose rules count who signed in is told who did."""
    asked = [
        parameter.name
        for ident, parameter in checked.package.award.parameters.items()
        for dated in parameter.values
        if (parameter.key or ident) in _ASKING and dated.value == _ASKING[parameter.key or ident]
    ]
    if not asked:
        return
    counting = {
        d.process_id: e.operation.parameters.get(GIVEN, "")
        for d, e in checked.elements()
        if e.operation and e.operation.operation == COUNT
    }
    for diagram, element in checked.elements():
        handed_on = counting.get(element.called or "", "")
        frame, _, key = handed_on.partition(".")
        lacks = frame in (known := taken(checked, diagram)) and key == GIVEN and GIVEN not in known[frame]
        own = (
            element.operation is not None
            and element.operation.operation == COUNT
            and not element.operation.parameters.get(GIVEN)
        )
        if lacks or own:
            yield error(
                diagram.file, element.id, "attendance_unsaid", f"“{asked[0]}”按签到人数计算，这里却没有给出谁签到。",
                f"“{asked[0]}” counts who signed in, but nothing says here who did.",
                Text(
                    "给出 attended：FEEL 文本，签到的人员编号，例如 \"forms.sign_in.person\"。",
                    "Give “attended”: FEEL text for the row numbers of those who signed in, such as forms.sign_in.person.",
                ),
            )  # fmt: skip
