"""Trials of clauses: what cites a clause is taken out or changed, and the scenarios that claim to prove it are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from service.domain.text import Text, text_of

NOTHING = Text("", "")


class TrialVerdict(Enum):
    """What came of a trial."""

    NOTICED = Text("拿掉就失败", "fails without it")
    PARTLY = Text("有的拿掉没人发觉", "partly unnoticed")
    UNNOTICED = Text("拿掉也没人发觉", "nobody notices")
    RED = Text("情景本来就未通过", "the scenarios fail anyway")
    NOTHING_TO_CHANGE = Text("没有可以拿掉的", "nothing to take out")


@dataclass(frozen=True, slots=True)
class ChangeTrial:
    """One change (``what``) of something that cites the clause, at ``element`` of ``file``, and who noticed it.

    ``scenario`` is the file of the scenario that failed, "" where none did; then ``near`` is the one to which an
    expectation could be added, and ``passes`` tells whether it comes to what was changed at all. ``step`` is the step that
    failed, 0 at the end; ``expected`` is what should have been, ``found`` what was, ``own`` whether that expectation
    names the clause.
    """

    what: Text
    file: str
    element: str
    scenario: str = ""
    title: str = ""
    step: int = 0
    expected: Text = NOTHING
    found: Text = NOTHING
    own: bool = False
    near: str = ""
    passes: bool = False

    @property
    def noticed(self) -> bool:
        """Whether a scenario that claims the clause failed."""
        return bool(self.scenario)


@dataclass(frozen=True, slots=True)
class ClauseTrial:
    """The trial of one clause: how many changes were ``noticed`` and ``unnoticed``, and how many are ``left`` untried.

    ``changes`` are those tried (a published version keeps the first of either kind), ``red`` the scenarios that claim the
    clause and fail anyway. ``reads`` are the files that its plays read, ``mark`` the mark of their contents.
    """

    clause: str
    noticed: int
    unnoticed: int
    left: int
    changes: tuple[ChangeTrial, ...]
    red: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    mark: str = ""

    @property
    def verdict(self) -> TrialVerdict:
        """What came of it."""
        if self.noticed:
            return TrialVerdict.PARTLY if self.unnoticed else TrialVerdict.NOTICED
        if self.unnoticed:
            return TrialVerdict.UNNOTICED
        return TrialVerdict.RED if self.red else TrialVerdict.NOTHING_TO_CHANGE

    @property
    def told(self) -> Text:
        """The counts in a sentence."""
        left_zh = f"，还有 {self.left} 处没有试" if self.left else ""
        left_en = f", {self.left} not tried" if self.left else ""
        tried = self.noticed + self.unnoticed
        return Text(
            f"试了 {tried} 处，{self.noticed} 处有情景失败，{self.unnoticed} 处没人发觉{left_zh}",
            f"{tried} changed, {self.noticed} noticed, {self.unnoticed} unnoticed{left_en}",
        )

    def first(self, noticed: bool) -> ChangeTrial | None:
        """Return the first change that was noticed, or was not; an expectation that names the clause comes first."""
        found = [one for one in self.changes if one.noticed is noticed]
        return min(found, key=lambda one: (not one.own, not one.passes), default=None)

    def shortened(self) -> ClauseTrial:
        """Return it with the first change of either kind alone, as it is published."""
        kept = tuple(one for one in (self.first(noticed=True), self.first(noticed=False)) if one is not None)
        return replace(self, changes=kept, reads=())

    def as_json(self) -> dict[str, Any]:
        """Return it as the record of a publication keeps it: shortened."""
        short = self.shortened()
        counts = {"noticed": short.noticed, "unnoticed": short.unnoticed, "left": short.left, "red": list(short.red)}
        return {**counts, "changes": [_change_as_json(one) for one in short.changes]}


def trial_of(clause: str, kept: Mapping[str, Any]) -> ClauseTrial:
    """Return the trial of ``clause`` that a record of a publication keeps."""
    changes = tuple(
        ChangeTrial(
            text_of(one["what"]),
            one["file"],
            one["element"],
            one["scenario"],
            one["title"],
            one["step"],
            text_of(one["expected"]),
            own=one["own"],
            passes=one["passes"],
        )
        for one in kept["changes"]
    )
    return ClauseTrial(clause, kept["noticed"], kept["unnoticed"], kept["left"], changes, tuple(kept["red"]))


def _change_as_json(found: ChangeTrial) -> dict[str, Any]:
    return {
        "what": found.what.as_json(),
        "file": found.file,
        "element": found.element,
        "scenario": found.scenario,
        "title": found.title,
        "step": found.step,
        "expected": found.expected.as_json(),
        "own": found.own,
        "passes": found.passes,
    }
