"""What people will do otherwise in a case that moves to another version: steps that come or go, other time limits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from service.casework.step.limits.changes import LimitChange
from service.catalog import Element, Kind, Package
from service.catalog.called_processes import with_called
from service.catalog.handbook.handbook import limit_words
from service.domain.text import Text

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def iterate_step_changes(
    before: Package,
    after: Package,
    kind: str,
    dates: Collection[LimitChange],
    renames: Mapping[str, Mapping[str, str]],
) -> Iterator[Text]:
    """Yield a sentence for each such change in cases of a ``kind``; a limit that runs is told by its ``dates`` already."""
    olds, news = _map_steps(before, kind, renames), _map_steps(after, kind, {})
    told = {change.name for change in dates}
    for place, step in news.items():
        old = olds.get(place)
        if old is None and step.kind is Kind.USER_TASK:
            limit = Text(limit_words(after, step.due, "zh"), limit_words(after, step.due, "en"))
            yield Text(
                f"新增环节“{step.name}”" + (f"，期限{limit.zh}" if limit.zh else ""),
                f"new step “{step.name}”" + (f", time limit {limit.en}" if limit.en else ""),
            )
        elif old is not None and _get_limit(old) != _get_limit(step) and step.name not in told:
            yield _describe_limit(before, old, after, step)
    for place, old in olds.items():
        if place not in news and old.kind is Kind.USER_TASK:
            yield Text(f"不再有环节“{old.name}”", f"no step “{old.name}” any more")


def _map_steps(package: Package, kind: str, renames: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], Element]:
    return {
        (process, renames.get(process, _NO_NAMES).get(element.id, element.id)): element
        for process in sorted(with_called(package, package.process(kind).process))
        for element in package.processes[process].elements.values()
        if element.kind is Kind.USER_TASK or element.timer is not None
    }


def _get_limit(step: Element) -> str:
    return step.due or (step.timer.expression if step.timer is not None else "")


def _describe_limit(before: Package, old: Element, after: Package, new: Element) -> Text:
    sides = [
        Text(limit_words(package, _get_limit(step), "zh"), limit_words(package, _get_limit(step), "en"))
        if _get_limit(step)
        else Text("没有", "none")
        for package, step in ((before, old), (after, new))
    ]
    if not all(side.zh for side in sides) or sides[0] == sides[1]:
        return Text(f"“{new.name}”的期限改了算法", f"the time limit of “{new.name}” is counted otherwise")
    return Text(
        f"“{new.name}”的期限：{sides[0].zh} → {sides[1].zh}",
        f"time limit of “{new.name}”: {sides[0].en} → {sides[1].en}",
    )
