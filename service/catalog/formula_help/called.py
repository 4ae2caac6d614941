"""What people call the facts that a formula reads: the label of the field, and the form that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.catalog.formula_names.names import FormulaName, by_name
from service.catalog.formula_names.package_names import UNTOLD, package_names
from service.catalog.formula_names.record_names import RECORD_NAMES
from service.catalog.package import Package
from service.domain.text import Text


def called(package: Package, paths: Iterable[str]) -> tuple[Text, ...]:
    """Return what each dotted path is called, each once; one that nothing names is called by itself."""
    names = package.derived("names of facts", lambda: by_name([*package_names(package), *RECORD_NAMES]))
    return tuple(dict.fromkeys(_called(path, names) for path in paths))


def without_values(package: Package, paths: Iterable[str]) -> Text | None:
    """Return in a sentence which facts have no value, None for none."""
    names = called(package, paths)
    if not names:
        return None
    zh, en = "、".join(f"“{name.zh}”" for name in names), ", ".join(f"“{name.en}”" for name in names)
    return Text(f"没有值的是{zh}", f"without a value: {en}")


def _called(path: str, names: Mapping[str, FormulaName]) -> Text:
    label, inside = Text("", ""), names
    for part in path.split("."):
        name = inside.get(part.partition("[")[0])
        if name is None or not name.label.zh or name.label == UNTOLD:
            return Text(path, path)
        label, inside = name.label, by_name(name.entries)
    return label
