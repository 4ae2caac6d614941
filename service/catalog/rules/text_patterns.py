"""Patterns of text: one that cannot be read never matches, and nothing says so when a case runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.catalog.feel import calls_of
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, error
from service.catalog.rules.formulas import Formula, diagram_formulas, formulas_beside
from service.catalog.rules.registry import Extent, check
from service.domain.feel import nodes
from service.domain.text import Text

_PATTERN = {"matches": 1, "replace": 1, "split": 1}
_FLAGS = {"matches": 2, "replace": 3}
_PLACE = {"pattern": _PATTERN, "delimiter": _PATTERN, "flags": _FLAGS}


@check(Extent.PROCESS, "text_pattern")
def patterns_of_diagrams(checked: Checked) -> Iterator[Problem]:
    """A pattern of text that a formula writes can be read: otherwise the function gives null for every text."""
    for diagram in checked.diagrams.values():
        yield from _unreadable(diagram_formulas(checked, diagram))


@check(Extent.PACKAGE, "text_pattern")
def patterns_beside(checked: Checked) -> Iterator[Problem]:
    """A pattern of text that a formula writes can be read: otherwise the function gives null for every text."""
    yield from _unreadable(formulas_beside(checked))


def _unreadable(formulas: Iterable[Formula]) -> Iterator[Problem]:
    for formula in formulas:
        for call in calls_of(formula.text, _PATTERN):
            from service.domain.feel.pattern import compile_pattern  # few expressions match patterns

            pattern, flags = _written(call, ("pattern", "delimiter")), _written(call, ("flags",))
            if pattern is not None and compile_pattern(pattern, flags or "") is None:
                yield error(
                    formula.file, formula.place, "text_pattern",
                    f"模式“{pattern}”无法使用，对任何文本都得出 null。", f"The pattern “{pattern}” cannot be used: it gives null for every text.",
                    Text("核对括号和转义；不能用反向引用、前后查看，重复不超过一千次。",
                         "Look at its brackets and escapes; there are no back-references, no looking ahead, and a thousand repeats at most."),
                )  # fmt: skip


def _written(call: nodes.Call, names: tuple[str, ...]) -> str | None:
    """Return the text that stands for an argument, None where it is not there or found out only in a case."""
    assert isinstance(call.function, nodes.Name)
    for name in names:
        place = _PLACE[name].get(call.function.name)
        at = call.names.index(name) if name in call.names else place if not call.names else None
        if at is not None and at < len(call.arguments):
            argument = call.arguments[at]
            return argument.value if isinstance(argument, nodes.Literal) and isinstance(argument.value, str) else None
    return None
