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
from service.domain.text import Text, spoken

_THROWING = {Kind.THROW, Kind.END, Kind.SEND_TASK}


def message_names(package: Package) -> Mapping[str, Text]:
    """Return every message of ``package`` with the name of what sends it; where nothing drawn does, of what awaits it."""
    found: dict[str, Text] = {}
    for message, name in _named(package):
        found.setdefault(message, name)
    return dict(sorted(found.items()))


def _named(package: Package) -> Iterator[tuple[str, Text]]:
    drawn = [element for diagram in package.diagrams.values() for element in diagram.elements.values()]
    yield from ((action.message, action.text) for action in package.award.actions.values())
    told = [element for element in drawn if element.message]
    named = [element for element in told if element.name]
    for element in (*(one for one in named if one.kind in _THROWING), *named):
        yield element.message, Text(element.name, element.properties.get("name_en") or element.name)
    yield from ((element.message, Text(element.message, element.message)) for element in told)


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


def _articles(package: Package, said: str) -> Text:
    law = package.law
    cited = "、".join(
        dict.fromkeys(law.article(one) if one in law.clauses else one for one in _APART.split(said) if one)
    )
    return Text(cited, cited)


def _operation(package: Package, said: str) -> Text:
    known = package.operations.get(said)
    return known.title if known else Text(said, said)


def _facts(package: Package, said: str) -> Text:
    """Return facts with their types, as they are declared: each by its name, its type in words."""
    found = [(one[1], kind_words(one[2].strip())) for one in _FACT.finditer(said)]
    each = [(fact_called(package, name) or Text(name, name), kind) for name, kind in found]
    zh = "、".join(f"{name.zh}（{kind.zh}）" for name, kind in each)
    return Text(zh, ", ".join(f"{name.en} ({kind.en})" for name, kind in each)) if each else Text(said, said)


def _bound(package: Package, said: str) -> Text:
    """Return the articles that a call gives to the slots of the diagram it calls."""
    return _articles(package, " ".join(one.rpartition("=")[2] for one in said.split()))


def _source(_package: Package, said: str) -> Text:
    """Return whose word a value is."""
    return _WHOSE.get(said, Text(said, said))


def _role(package: Package, said: str) -> Text:
    known = package.jurisdiction.roles.get(said)
    return known.text if known else Text(said, said)


def _form(package: Package, said: str) -> Text:
    about = package.form_properties(said) if said in package.forms else {}
    return spoken(about, "title", str(about.get("title", said)))


def _process(package: Package, said: str) -> Text:
    known = package.processes.get(said)
    return Text(known.name or said, known.name or said) if known else Text(said, said)


def _body(package: Package, said: str) -> Text:
    known = next((body.text for body in package.jurisdiction.bodies if body.id == said.strip('"')), None)
    return known or Text(said, said)


def _table(package: Package, said: str) -> Text:
    known = package.tables.get(said)
    return Text(known.name or said, known.name or said) if known else Text(said, said)


def _document(package: Package, said: str) -> Text:
    name = document_name(package, said) if said in package.documents else said
    return Text(name, name)


def _kind_of_case(package: Package, said: str) -> Text:
    known = package.award.processes.get(said)
    return known.text if known else _process(package, said)


def _starters(package: Package, said: str) -> Text:
    """Return who may begin or do something: roles, and the public."""
    each = [_PUBLIC if one == PUBLIC else _role(package, one) for one in _APART.split(said) if one]
    return Text("、".join(one.zh for one in each), ", ".join(one.en for one in each))


def _transfer(_package: Package, _said: str) -> Text:
    """Return to whom a task may be handed: there is one answer."""
    return Text("同一角色的", "those with the role")


def _message(package: Package, said: str) -> Text:
    return message_names(package).get(said) or Text(said, said)


_NAMES: dict[str, Callable[[Package, str], Text]] = {
    "clauses": _articles,
    "slots": _bound,
    "facts": _facts,
    "source": _source,
    "operation": _operation,
    "role": _role,
    "form": _form,
    "calledElement": _process,
    "body": _body,
    "document": _document,
    "calledDecisionId": _table,
    "table": _table,
    "process": _kind_of_case,
    "recipient": _role,
    "started_by": _starters,
    "roles": _starters,
    "start_form": _form,
    "message": _message,
    "touches": _articles,
    "transfer": _transfer,
}
