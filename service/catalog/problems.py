"""Problems of a process package: place, rule, message and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.text import Text
from service.domain.wording.numbers import counted


class Severity(StrEnum):
    """An error blocks publication; a warning is for the designer to weigh; a remark is no problem of the package.

    A remark tells of a mistake in the regulation itself, with the reading chosen.
    """

    ERROR = "error"
    WARNING = "warning"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one file.

    ``element`` is the id of a diagram element or the path of a key (``parameters.x.unit``), empty
    when the whole file is meant; ``place`` names it as people see it, where it has such a name; ``line`` counts from 1
    where it is known; ``word`` is the name or text that is wrong, or what to write instead, where a rule or an editor
    asks for it.
    """

    file: str
    element: str
    rule: str
    message: Text
    remedy: Text
    severity: Severity = Severity.ERROR
    line: int | None = None
    place: Text | None = field(default=None, compare=False)
    word: str = field(default="", compare=False)


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems that block publication."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


_ALL, _FIRST = 60, 12
"""So many names are all listed where none resembles what was written; of more only the first."""


MAX_REPORTED_PROBLEMS = 20
"""So many keys of one mapping that nothing reads are told one by one: each is compared with all that are known."""

_ALIKE = 0.62
"""How alike a slip and what was meant are: conclusion and conditions, two words that are no slip of each other, are less."""


def suggest_word(word: str, choices: Iterable[str]) -> Text | None:
    """Ask whether the one of the ``choices`` words that resembles ``word`` was meant; None where none does."""
    close = difflib.get_close_matches(word, sorted(choices), n=1, cutoff=_ALIKE)
    return Text(f"是不是想写“{close[0]}”？", f"Did you mean “{close[0]}”?") if close else None


def more_unknown(count: int) -> tuple[Text, Text]:
    """Say that ``count`` more keys beside those told are unknown; returns what a problem says and its remedy."""
    return (
        Text(f"此处另有{count}个不认识的键，没有逐一列出。", f"{counted(count, 'unknown key')} more here, not listed."),
        Text(
            "先改正列出的；这样多，多半是整段放错了位置。",
            "Correct those that are listed; so many mostly mean that a whole passage stands in the wrong place.",
        ),
    )


def did_you_mean(word: str, choices: Iterable[str]) -> Text:
    """Say which of the ``choices`` words resembles ``word``, or list what there is."""
    names = sorted(choices)
    suggestion = suggest_word(word, names)
    if suggestion is not None:
        return suggestion
    names = [
        name for name in names if not name.startswith("_")
    ] or names  # what only the program writes is offered to nobody
    if not names:
        return Text("此处尚无可用的名称，请先定义。", "Nothing is defined here yet; define it first.")
    listed = names if len(names) <= _ALL else names[:_FIRST]
    more = len(names) - len(listed)
    return Text(
        f"可用：{'、'.join(listed)}" + (f" 等 {len(names)} 个。" if more else "。"),
        f"Known: {', '.join(listed)}" + (f" and {more} more." if more else "."),
    )
