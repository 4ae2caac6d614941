"""People who are kept from work for a time get back what was taken from them, by the fact that keeps it."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.feel import compiled, constant
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, error
from service.catalog.rules.registry import Extent, check
from service.domain.feel import FeelLimitExceeded, FeelSyntaxError
from service.domain.text import Text

_SUSPEND, _REINSTATE = "people.suspend", "people.reinstate"


@check(Extent.PACKAGE, "unknown_seats")
def seats_were_taken(checked: Checked) -> Iterator[Problem]:
    """Roles are given back from a fact in which a suspension keeps those that it took."""
    calls = [(d, e, e.operation) for d, e in checked.elements() if e.operation is not None]
    kept = {str(constant(c.parameters.get("fact", ""))) for _, _, c in calls if c.operation == _SUSPEND}
    for diagram, element, call in calls:
        said = call.parameters.get("seats_from", "")
        if call.operation != _REINSTATE or not said or not kept.isdisjoint(_facts(said)):
            continue
        known = "、".join(f"case.{fact}" for fact in sorted(kept))
        remedy = (
            Text(f'写成 "{known}"。', f'Write "{known}".')
            if kept
            else Text(
                "先画“暂停工作”（people.suspend），再写它记录角色的事实。",
                "Draw people.suspend first, and name its fact.",
            )
        )
        yield error(
            diagram.file, element.id, "unknown_seats",
            "恢复的角色不是取自任何一步“暂停工作”所记录的事实，运行到这里什么也恢复不了。",
            "The roles given back come from no fact in which a suspension keeps them: nothing would be given back here.",
            remedy,
        )  # fmt: skip


def _facts(said: str) -> frozenset[str]:
    """Return the facts of its case that a formula within a text reads."""
    text = constant(said)
    try:
        paths = compiled(text).paths if isinstance(text, str) else compiled(said).paths
    except (FeelSyntaxError, FeelLimitExceeded):
        return frozenset()  # reported as a formula
    return frozenset(path[1] for path in paths if path[0] == "case" and len(path) > 1)
