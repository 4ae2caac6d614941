"""What is wrong, in one sentence: which case, which element, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.catalog import Package
from service.domain.text import Text

AGAIN = Text(
    "备份后在“监控—干预”中重新开始该环节，或恢复到出错以前",
    "make a backup, then restart the step from the monitor, or restore the state before",
)
"""The remedy where a case and what is shown of it differ."""


@dataclass(frozen=True, slots=True)
class Unsound:
    """``what`` is at fault, and ``found`` says how and what to do."""

    what: Text
    found: Text


@dataclass(frozen=True, slots=True)
class Underway:
    """What is still to do, by itself or by whoever decides on it, which is no fault."""

    said: Text


def in_case(case_id: int, title: str, wrong: Iterable[Text], remedy: Text = AGAIN) -> Iterator[Unsound]:
    """Yield a fault for each sentence about a case."""
    what = Text(f"办件 {case_id} {title}".strip(), f"case {case_id} {title}".strip())
    for fault in wrong:
        yield Unsound(what, Text(f"{fault.zh}；{remedy.zh}。", f"{fault.en}; {remedy.en}."))


def called(package: Package, process: str, element: str) -> str:
    """Return the name of an element of a diagram, its id where it has none or is not drawn."""
    diagram = package.processes.get(process)
    drawn = diagram.elements.get(element) if diagram else None
    return f"“{drawn.name}”" if drawn and drawn.name else f"“{element}”"
