"""The law's own terms: whether somebody reads them where a clause is carried out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from service.catalog.coverage.coverage import Citation
from service.catalog.forms.forms import form_clauses, parse_form
from service.catalog.package import Package
from service.domain.errors import Invalid, NotFound

_SHOWN = ("label", "dateLabel", "description", "text")


def list_missing_terms(package: Package, terms: Iterable[str], citations: Iterable[Citation]) -> tuple[str, ...]:
    """Return those of ``terms`` that stand at none of ``citations``: in no label, choice, help, row, setting or document.

    An element of a diagram says its name, its properties and the form that it opens; a kind of case the form that starts it.
    """
    said = "\n".join(words for citation in citations for words in _iterate_words(package, citation))
    return tuple(term for term in terms if term not in said)


def _iterate_words(package: Package, citation: Citation) -> Iterator[str]:
    yield citation.name
    diagram = package.diagrams.get(citation.file)
    element = diagram.elements.get(citation.element) if diagram else None
    if element is not None:
        yield from element.properties.values()
        yield element.instructions
        with suppress(Invalid, NotFound):  # reported by rules of their own; a form in braces is chosen later
            yield from _iterate_form_texts(package.form(element.form)) if element.form else ()
    elif citation.kind == "form":
        yield from _iterate_form_texts(parse_form(package.files[citation.file], citation.file))
    elif citation.kind == "form_field":
        for component in _iterate_components(parse_form(package.files[citation.file], citation.file)):
            if citation.clause in form_clauses(component):
                yield from _iterate_form_texts(component)
    elif citation.kind == "table_row":
        table = next(table for table in package.tables.values() if table.file == citation.file)
        yield from (cell for row in table.rows if row.id == citation.element for cell in row.outputs)
    elif citation.kind == "document":
        yield package.files[citation.file].decode()
    elif citation.kind == "process":
        process = package.award.processes[citation.element.partition(".")[2]]
        if process.start_form:
            yield from _iterate_form_texts(package.form(process.start_form))
    elif citation.kind == "parameter":
        parameter = package.award.parameters[citation.element.partition(".")[2]]
        yield parameter.question
        yield from (label.zh for label in parameter.labels.values())


def _iterate_components(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for component in item.get("components", ()):
        yield component
        yield from _iterate_components(component)


def _iterate_form_texts(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a form or one of its fields says to who fills it in."""
    properties = item.get("properties", {})
    yield from (str(item[key]) for key in _SHOWN if key in item)
    yield from (str(properties[key]) for key in ("title", "help", "ruleMessage") if key in properties)
    for inner in (*item.get("values", ()), *item.get("components", ())):
        yield from _iterate_form_texts(inner)
