"""What a package calls a piece that a field names by its id: an article for a clause, a title for a form, a name for a role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from service.catalog.award import PUBLIC
from service.catalog.bpmn.kinds import Kind
from service.catalog.formula_names.names import kind_words
from service.catalog.formula_names.package_names import fact_called
from service.catalog.package import Package
from service.catalog.pieces.piece_kinds import document_name
from service.catalog.rules.operations import NAMED_BY
from service.domain.text import Text, read_translated_text

_THROWING = {Kind.THROW, Kind.END, Kind.SEND_TASK}


def message_names(package: Package) -> Mapping[str, Text]:
    """Return every message of ``package`` with the name of what sends it; where nothing drawn does, of what awaits it."""
    names: dict[str, Text] = {}
    for message, name in _named(package):
        names.setdefault(message, name)
    return dict(sorted(names.items()))


def _named(package: Package) -> Iterator[tuple[str, Text]]:
    drawn = [element for diagram in package.diagrams.values() for element in diagram.elements.values()]
    yield from ((action.message, action.text) for action in package.award.actions.values())
    message_elements = [element for element in drawn if element.message]
    named = [element for element in message_elements if element.name]
    for element in (*(sender for sender in named if sender.kind in _THROWING), *named):
        yield element.message, Text(element.name, element.properties.get("name_en") or element.name)
    yield from ((element.message, Text(element.message, element.message)) for element in message_elements)


_FACT = re.compile(r"(\w+)：([\w <>]+)")
"""A fact and its type, as an entry that declares it is told."""
_WHOSE = {
    "stated": Text("条文写明", "the text states it"),
    "default": Text("条文没有写明，本地选定", "the text is silent, the place chose"),
}
_PUBLIC = Text("公众（不登录）", "the public, without an account")
_APART = re.compile(r"[\s,，、]+")


def naming_of(field: str) -> Callable[[Package, str], Text] | None:
    """Return what names the ids that ``field`` of a record says, None where it says none; a nested one by its last part.

    Of a parameter of an operation it names the words that stand in its formula.
    """
    head, _, last = field.rpartition(".")
    if head == "operation":
        return _NAMES.get(NAMED_BY.get(last, ""))
    return _NAMES.get(field) or _NAMES.get(last if head == "properties" else "")


def _describe_articles(package: Package, value: str) -> Text:
    law = package.law
    cited = "、".join(
        dict.fromkeys(
            law.article(clause) if clause in law.clauses else clause for clause in _APART.split(value) if clause
        )
    )
    return Text(cited, cited)


def _describe_operation(package: Package, value: str) -> Text:
    operation = package.operations.get(value)
    return operation.title if operation else Text(value, value)


def _describe_facts(package: Package, value: str) -> Text:
    """Return facts with their types, as they are declared: each by its name, its type in words."""
    facts = [(match[1], kind_words(match[2].strip())) for match in _FACT.finditer(value)]
    each = [(fact_called(package, name) or Text(name, name), kind) for name, kind in facts]
    zh = "、".join(f"{name.zh}（{kind.zh}）" for name, kind in each)
    return Text(zh, ", ".join(f"{name.en} ({kind.en})" for name, kind in each)) if each else Text(value, value)


def _describe_bound_articles(package: Package, value: str) -> Text:
    """Return the articles that a call gives to the slots of the diagram it calls."""
    return _describe_articles(package, " ".join(binding.rpartition("=")[2] for binding in value.split()))


def _describe_source(_package: Package, value: str) -> Text:
    """Return whose word a value is."""
    return _WHOSE.get(value, Text(value, value))


def _describe_role(package: Package, value: str) -> Text:
    role = package.jurisdiction.roles.get(value)
    return role.text if role else Text(value, value)


def _describe_form(package: Package, value: str) -> Text:
    about = package.form_properties(value) if value in package.forms else {}
    return read_translated_text(about, "title", str(about.get("title", value)))


def _describe_process(package: Package, value: str) -> Text:
    process = package.processes.get(value)
    return Text(process.name or value, process.name or value) if process else Text(value, value)


def _describe_body(package: Package, value: str) -> Text:
    body_name = next((body.text for body in package.jurisdiction.bodies if body.id == value.strip('"')), None)
    return body_name or Text(value, value)


def _describe_table(package: Package, value: str) -> Text:
    table = package.tables.get(value)
    return Text(table.name or value, table.name or value) if table else Text(value, value)


def _describe_document(package: Package, value: str) -> Text:
    name = document_name(package, value) if value in package.documents else value
    return Text(name, name)


def _kind_of_case(package: Package, value: str) -> Text:
    process = package.award.processes.get(value)
    return process.text if process else _describe_process(package, value)


def _describe_starters(package: Package, value: str) -> Text:
    """Return who may begin or do something: roles, and the public."""
    each = [
        _PUBLIC if starter == PUBLIC else _describe_role(package, starter) for starter in _APART.split(value) if starter
    ]
    return Text("、".join(text.zh for text in each), ", ".join(text.en for text in each))


def _describe_transfer(_package: Package, _value: str) -> Text:
    """Return to whom a task may be handed: there is one answer."""
    return Text("同一角色的", "those with the role")


def _describe_message(package: Package, value: str) -> Text:
    return message_names(package).get(value) or Text(value, value)


_NAMES: dict[str, Callable[[Package, str], Text]] = {
    "clauses": _describe_articles,
    "slots": _describe_bound_articles,
    "facts": _describe_facts,
    "source": _describe_source,
    "operation": _describe_operation,
    "role": _describe_role,
    "form": _describe_form,
    "calledElement": _describe_process,
    "body": _describe_body,
    "document": _describe_document,
    "calledDecisionId": _describe_table,
    "table": _describe_table,
    "process": _kind_of_case,
    "recipient": _describe_role,
    "started_by": _describe_starters,
    "roles": _describe_starters,
    "start_form": _describe_form,
    "message": _describe_message,
    "touches": _describe_articles,
    "transfer": _describe_transfer,
}
