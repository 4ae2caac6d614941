"""The facts that stand beside the items of a form: what other forms compute, what is guarded, what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from service.casework.step.step import Step
from service.catalog.formula_help.called import called
from service.domain.forms import Form
from service.domain.forms.model import Computed, FormNode, Group, same_object
from service.domain.text import Text

AT_HAND = frozenset({"param", "case", "reference_date"})
"""Names that are read with every case; what comes from them is a setting or a day, no source."""


def computed_at(form: Form, path: str) -> Computed | None:
    """Return the computed value at a path outside lists, None where something else or nothing is there."""
    return form.derived("computed outside lists", lambda: dict(_computed_in(form.nodes, ""))).get(path)


def _computed_in(nodes: tuple[FormNode, ...], within: str) -> Iterator[tuple[str, Computed]]:
    for node in same_object(nodes):
        if isinstance(node, Computed):
            yield within + node.key, node
        elif isinstance(node, Group):
            yield from _computed_in(node.children, f"{within}{node.path}.")


def guarded_paths(step: Step, readable: frozenset[str]) -> frozenset[tuple[str, ...]]:
    """Return the paths of the personal and secret fields of the forms that may be read."""
    known: Mapping[str, Form] = {name: step.desk.packages.form(step.package, name) for name in readable}
    return frozenset(
        (name, *path.replace("[]", "").split("."))
        for name, form in known.items()
        for path in form.withheld(reveal=False)
    )


def touches(path: tuple[str, ...], guarded: frozenset[tuple[str, ...]]) -> bool:
    """Return whether ``path`` is a guarded one, stands within it or holds it."""
    return any(path[: len(one)] == one or one[: len(path)] == path for one in guarded)


def facts_named(step: Step, paths: Iterable[str]) -> tuple[Text, ...]:
    """Return what the facts at dotted paths are called, those of one form together; what is read with every case is no source."""
    named: dict[str, list[Text]] = {}
    for whole in sorted(paths):
        label = called(step.package, [whole])[0]
        first = whole.partition(".")[0]
        if first not in AT_HAND and label.zh != whole:
            named.setdefault(first, []).append(label)
    return tuple(_source(step, first, labels) for first, labels in named.items())


def _source(step: Step, first: str, labels: list[Text]) -> Text:
    zh, en = "、".join(one.zh for one in labels), ", ".join(one.en for one in labels)
    if first not in step.package.forms:
        return Text(zh, en)
    title = step.desk.packages.form(step.package, first).title
    return Text(f"{title.zh}：{zh}", f"{title.en}: {en}")
