"""The names that a package itself declares: settings, forms with their fields, facts of its kinds of cases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from service.catalog.formula_names.names import FormulaName, by_name
from service.catalog.formula_names.record_names import CASE_NAMES, SUBMISSION_NAMES, form_names
from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.source.yaml import YamlMap, YamlValue, parse_yaml
from service.catalog.wording.word_lists import fact_words
from service.domain.text import Text

_UNITS = {
    Unit.BOOLEAN: "boolean", Unit.DATE: "date", Unit.TEXT: "string", Unit.CHOICE: "string", Unit.LIST: "list", Unit.TABLE: "list",
}  # fmt: skip
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PARAMETERS = Text("参数", "settings")
UNTOLD = Text("办件的事实", "fact of the case")
"""Label of a fact of which nothing says what it means."""
_PROVISIONAL = "_provisional"


def package_names(package: Package, process: str = "", *, values: bool = True) -> Iterator[FormulaName]:
    """Yield the names of a package, the facts of cases that run ``process`` before those of others.

    ``values``: facts are called with the values that they may have.
    """
    yield FormulaName(
        "param", "context", _PARAMETERS, tuple(_build_parameter_name(p) for p in package.award.parameters.values())
    )
    facts = {key: tuple(_iterate_facts(package, key, values=values)) for key in package.award.processes}
    for ident in package.forms:
        label = Text(f"表单“{_get_title(package, ident)}”", f"form {ident}")
        of_case = (*facts[ident], *CASE_NAMES) if ident in facts else ()
        yield FormulaName(ident, "context", label, (*form_names(package, ident), *SUBMISSION_NAMES, *of_case))
    yield FormulaName("case", "context", Text("本办件", "this case"), _case_facts(package, process, facts))
    for key, kind in package.award.processes.items():
        label = Text(f"上级办件“{kind.text.zh}”", f"the case above, {kind.text.en}")
        yield FormulaName(key, "context", label, (*facts[key], *CASE_NAMES))


def _case_facts(
    package: Package, process: str, facts: Mapping[str, tuple[FormulaName, ...]]
) -> tuple[FormulaName, ...]:
    first = [key for key, kind in package.award.processes.items() if kind.process == process]
    order = [*first, *(key for key in facts if key not in first)]
    return tuple(by_name([*(name for key in order for name in facts[key]), *CASE_NAMES]).values())


def _build_parameter_name(parameter: Parameter) -> FormulaName:
    return FormulaName(parameter.id, _UNITS.get(parameter.unit, "number"), parameter.text)


def _iterate_facts(package: Package, key: str, *, values: bool) -> Iterator[FormulaName]:
    remarks = _read_remarks(package.files[package.award_file], package.award_file).get(key, {})
    for name, kind in package.award.processes[key].facts.items():
        yield FormulaName(name, kind, _build_meaning(fact_called(package, name), remarks.get(name, ""), values=values))


def fact_called(package: Package, name: str) -> Text | None:
    """Return what a fact is called: a word of the program, else the label of the fields that have its name, if it is one.

    None where nothing says it, or forms call it differently.
    """
    fact_label = fact_words().get(name) or _map_labels(package).get(name)
    if fact_label is None and name.endswith(_PROVISIONAL):
        day = fact_called(package, name.removesuffix(_PROVISIONAL))
        return day and Text(f"{day.zh}是否暂定", f"whether “{day.en}” is provisional")
    return fact_label


@lru_cache(maxsize=16)
def _map_labels(package: Package) -> Mapping[str, Text]:
    """Return the labels of the fields of all forms by key, those alone on which the forms agree."""
    labels_by_key: dict[str, set[Text]] = {}
    waiting = [name for ident in package.forms for name in form_names(package, ident)]
    while waiting:
        name = waiting.pop()
        waiting.extend(name.entries)
        labels_by_key.setdefault(name.name, set()).add(name.label)
    return {
        key: next(iter(labels))
        for key, labels in labels_by_key.items()
        if len(labels) == 1 and key not in {s.zh for s in labels}
    }


def _build_meaning(word: Text | None, remark: str, *, values: bool) -> Text:
    """Return what a fact means: its remark; where that lists values alone, what the fact is called stands before them."""
    if _HAN.search(remark):
        return Text(remark, word.en if word else remark)
    called = word or UNTOLD
    return Text(f"{called.zh}（{remark}）", f"{called.en} ({remark})") if remark and values else called


@lru_cache(maxsize=64)
def _read_remarks(content: bytes, file: str) -> Mapping[str, Mapping[str, str]]:
    """Return what award.yaml remarks behind each fact, by kind of case: its comment is its meaning in Chinese."""
    lines = content.decode().splitlines()
    remarks: dict[str, dict[str, str]] = {}
    for key, kind in _get_entries(_find_entry(parse_yaml(content, file), "processes")).items():
        facts = _find_entry(kind, "facts")
        if isinstance(facts, YamlMap):
            remarks[key] = {name: lines[line - 1].partition(" #")[2].strip() for name, line in facts.lines.items()}
    return remarks


def _find_entry(document: YamlValue, key: str) -> YamlValue:
    return _get_entries(document).get(key)


def _get_entries(node: YamlValue) -> Mapping[str, YamlValue]:
    return node.entries if isinstance(node, YamlMap) else {}


def _get_title(package: Package, ident: str) -> str:
    schema = package.form(ident)
    return str((schema.get("properties") or {}).get("title") or ident)
