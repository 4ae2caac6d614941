"""Texts that people read: numbers in them keep to the bounds that the law draws, formulas have both of their braces."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from service.catalog.bpmn.model import Element, split_words
from service.catalog.closure import element_words
from service.catalog.documents.documents import DocumentTemplate
from service.catalog.feel import lone_brace, other_brace
from service.catalog.law.law import Law
from service.catalog.package import Package
from service.catalog.problems import Problem, Severity
from service.catalog.rules.context import Checked, error
from service.catalog.rules.formulas import TEXTS_OVER_RECORD
from service.catalog.rules.registry import Extent, check
from service.catalog.settings.bounds import BeyondLaw, numbers_beyond_law
from service.domain.text import Text

_SHOWN = re.compile(r"title|label|dateLabel|timeLabel|text|help|description|patternErrorMessage|ruleMessage(?:_\d+)?")
_QUOTED = re.compile(r'"([^"]*)"')


@check(Extent.PACKAGE, "text_beyond_law")
def documents_within_law(checked: Checked) -> Iterator[Problem]:
    """A number in a document, form, notice or name of a step is not beyond the bound of the parameter that governs it."""
    citing = _issued_by(checked.package)
    for template in {id(one): one for one in checked.package.documents.values()}.values():
        yield from _of_document(checked.package, template, citing)


@check(Extent.PIECES, "text_beyond_law")
def forms_within_law(checked: Checked) -> Iterator[Problem]:
    """A number in a document, form, notice or name of a step is not beyond the bound of the parameter that governs it."""
    for ident, schema in checked.schemas.items():
        for place, text, cited, filled in _texts_of(schema, ""):
            field = "{{param.%s}}" if filled else ""
            yield from _check_numbers(checked.package, checked.package.forms[ident], place, text, cited, field)


@check(Extent.PROCESS, "text_beyond_law")
def names_within_law(checked: Checked) -> Iterator[Problem]:
    """A number in a document, form, notice or name of a step is not beyond the bound of the parameter that governs it."""
    for diagram in checked.diagrams.values():
        for element in diagram.elements.values():
            for text in (element.name or "", *_handed(element)):
                yield from _check_numbers(checked.package, diagram.file, element.id, text, set(element.clauses), "")


@check(Extent.PIECES, "lone_brace")
def braces_of_documents(checked: Checked) -> Iterator[Problem]:
    """Every brace in a text that people read has its other half: one that stands alone is printed as it is."""
    for template in {id(one): one for one in checked.package.documents.values()}.values():
        yield from lone_braces_of(template)
    award, file = checked.package.award, checked.package.award_file
    said = {f"processes.{key}.title": kind.title for key, kind in award.processes.items()}
    said |= {f"processes.{key}.start_refusal": kind.said_of_refusal for key, kind in award.processes.items()}
    said |= {f"actions.{key}.consequence": action.consequence for key, action in award.actions.items()}
    for place, text in said.items():
        yield from _alone(file, place, text)


@check(Extent.PROCESS, "lone_brace")
def braces_of_diagrams(checked: Checked) -> Iterator[Problem]:
    """Every brace in a text that people read has its other half: one that stands alone is printed as it is."""
    for diagram in checked.diagrams.values():
        for element in diagram.elements.values():
            for name in TEXTS_OVER_RECORD:
                yield from _alone(diagram.file, element.id, element.properties.get(name, ""))


def lone_braces_of(template: DocumentTemplate) -> Iterator[Problem]:
    """Yield what `braces_of_documents` says of one document, which need not be the package's own yet."""
    for text in template.texts():
        yield from _alone(template.file, template.id, text)


def _alone(file: str, place: str, text: str) -> Iterator[Problem]:
    if quote := lone_brace(text):
        yield error(
            file, place, "lone_brace",
            f"文中的“{quote}”只有半个花括号，会原样印出来。", f"“{quote}” has half of a pair of braces: it is printed as it stands.",
            Text("补上另一半，或者删去它。", "Add the other half, or remove this one."),
        )  # fmt: skip
    if quote := other_brace(text):
        yield error(
            file, place, "lone_brace",
            f"文中的“{quote}”有全角花括号或者“$”，会原样印出来。",
            f"“{quote}” has a full-width brace or a “$” before the brace: it is printed as it stands.",
            Text("用半角花括号，前面不加“$”：{decide.reason}。", "Use half-width braces without a “$”: {decide.reason}."),
        )  # fmt: skip


def document_beyond_law(package: Package, template: DocumentTemplate) -> Iterator[Problem]:
    """Yield what `documents_within_law` says of one document, which need not be the package's own yet."""
    yield from _of_document(package, template, _issued_by(package))


def _of_document(package: Package, template: DocumentTemplate, citing: Mapping[str, set[str]]) -> Iterator[Problem]:
    cited = {*template.clauses, *citing.get(template.id, ())}
    for text in template.texts():
        yield from _check_numbers(package, template.file, "", text, cited, "{param.%s}")


def _issued_by(package: Package) -> Mapping[str, set[str]]:
    """Return the clauses of the steps that issue each document."""
    found: dict[str, set[str]] = {}
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.operation is not None and element.clauses:
                for word in element_words(element):
                    found.setdefault(word, set()).update(element.clauses)
    return found


def _texts_of(component: Mapping[str, Any], place: str) -> Iterator[tuple[str, str, set[str], bool]]:
    """Yield every text that a form shows: id of its component, words, clauses cited there, whether fields are filled in."""
    said = component.get("properties")
    said = said if isinstance(said, Mapping) else {}
    cited = set(split_words(str(said.get("clauses", ""))))
    place = str(component.get("id", place))
    for holder in (component, said):
        yield from (
            (place, words, cited, key == "text" and component.get("type") == "text")
            for key, words in holder.items()
            if isinstance(words, str) and _SHOWN.fullmatch(key)
        )
    for choice in component.get("values") or ():
        if isinstance(choice, Mapping) and isinstance(choice.get("label"), str):
            yield place, choice["label"], cited, False
    for inner in component.get("components") or ():
        yield from _texts_of(inner, place)


def _handed(element: Element) -> Iterator[str]:
    """Yield the texts that an operation is handed as they stand: the title of a notice."""
    for formula in element.operation.parameters.values() if element.operation else ():
        yield from _QUOTED.findall(formula)


def _check_numbers(
    package: Package, file: str, place: str, text: str, cited: Collection[str], field: str
) -> Iterator[Problem]:
    for found in numbers_beyond_law(package, text, cited):
        yield _problem(package.law, file, place, found, field)


def _problem(law: Law, file: str, place: str, found: BeyondLaw, field: str) -> Problem:
    parameter = found.parameter
    article = next((law.article(one) for one in parameter.clauses if one in law.clauses), "")
    source = f"（{article}）" if article else ""
    side, en = ("不得少于", "at least") if found.least else ("不得多于", "at most")
    allowed = f"{found.bound:.12g}{found.unit}"
    instead = f"{field % parameter.id}{found.unit}" if field else allowed
    sure = Text("", "") if found.certain else Text("如果说的就是它，", "if it speaks of that, ")
    use = Text("改用字段", "Use the field") if field else Text("写成", "Write")
    return Problem(
        file, place, "text_beyond_law",
        Text(
            f"文中写的“{found.quote}”：{sure.zh}“{parameter.name}”{side}{allowed}{source}。",
            f"The text says “{found.quote}”: {sure.en}“{parameter.name_en}” is {en} {allowed} ({article or parameter.id}).",
        ),
        Text(f"{use.zh}“{instead}”代替“{found.words}”。", f"{use.en} “{instead}” instead of “{found.words}”."),
        Severity.ERROR if found.certain else Severity.WARNING,
    )  # fmt: skip
