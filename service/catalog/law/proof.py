"""A proof of a clause: an expectation of a scenario that fails where the clause is not carried out."""

from __future__ import annotations

from dataclasses import dataclass

PROVES = "proves"
"""The key by which an expectation, or a step that must be refused, names the clauses it proves."""


@dataclass(frozen=True, slots=True)
class Proof:
    """``scenario`` is the file, ``line`` where the expectation stands in it, ``told`` and ``expected_en`` what it expects.

    ``step_only`` says that it expects a step to be there, not what comes of it: that is weaker. ``beyond`` are the
    parameters under which it is played and which the law does not allow; ``steps`` is how long the scenario is.
    """

    clause: str
    scenario: str
    title: str
    line: int
    told: str
    step_only: bool = False
    beyond: tuple[str, ...] = ()
    steps: int = 0
    expected_en: str = ""

    @property
    def name(self) -> str:
        """The name of the scenario: its file without folder and ending."""
        return self.scenario.rpartition("/")[2].removesuffix(".yaml")
