"""The questions of the self-check: what an eligibility table reads of the forms that an applicant fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.desk.desk import Desk
from service.catalog import Package, ProcessInfo
from service.catalog.applications import application_kinds
from service.domain.decisions import DecisionTable
from service.domain.errors import NotFound
from service.domain.forms import Form, InputType
from service.domain.forms.asked import asked_form, boxes_of, lists_of
from service.domain.forms.model import Input, key_of, same_object
from service.domain.text import Text

_OF_CASE = "case"
_DECIDES = "met"
"""The column that decides; what the columns of words and evidence read is asked by nobody."""

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """The self-check of a package: ``form`` is asked, its answers stand in the forms ``start`` and ``application``.

    ``started`` are the keys of ``form`` that belong to the start form, ``boxes`` the paths of boxes that stand for
    files and long texts, ``lists`` those of lists, ``finders`` who fills in each form that applicants do not.
    ``of_case`` is the path of the answer by fact of the case, ``outside`` what the application reads from outside.
    """

    process: ProcessInfo
    table: DecisionTable
    form: Form
    application: str
    started: frozenset[str]
    boxes: Mapping[Names, InputType]
    lists: frozenset[Names]
    finders: Mapping[str, Text]
    of_case: Mapping[str, Names]
    outside: Mapping[str, object]


def questions_of(desk: Desk, package: Package) -> Questions:
    """Return the questions, put together once per version; raises NotFound where the city has nothing to ask."""
    found = package.derived("self-check", lambda: _questions(desk, package))
    if found is None:
        raise NotFound(Text("这里没有可以自查的申报条件。", "There are no conditions here that one could check."))
    return found


def can_be_checked(package: Package) -> bool:
    """Return whether the package has an eligibility table over what its applicants fill in."""
    return _table_of(package) is not None and bool(application_kinds(package))


def _table_of(package: Package) -> str | None:
    return next((ident for ident, table in package.tables.items() if table.is_eligibility), None)


def _questions(desk: Desk, package: Package) -> Questions | None:
    process = next(iter(application_kinds(package)), None)
    ident = _table_of(package)
    if process is None or ident is None:
        return None
    table = desk.packages.table(package, ident)
    read = _read_by(table)
    application = _application(package, process, read)
    if application is None:
        return None
    return _asked(desk, package, process, table, application, read)


def _asked(
    desk: Desk, package: Package, process: ProcessInfo, table: DecisionTable, application: str, read: frozenset[Names]
) -> Questions:
    form = desk.packages.form(package, application)
    apart = process.start_form != application and process.start_form
    start = desk.packages.form(package, apart) if apart else Form("", form.title, ())
    outside = _outside(package, application, start)
    facts = frozenset(path[1] for path in read if path[0] == _OF_CASE and len(path) > 1)
    of_case = {**_answering(form, facts), **_answering(start, facts)}
    wanted = {path[1:] for path in read if path[0] == application} | set(of_case.values())
    asked = asked_form(form, wanted)
    cut = asked_form(start, {path[1:] for path in read if path[0] == start.id} | set(of_case.values()))
    first = tuple(node for node in cut.nodes if not isinstance(node, Input) or node.key not in outside)
    return Questions(
        process=process,
        table=table,
        form=Form(id=form.id, title=form.title, nodes=(*first, *asked.nodes)),
        application=application,
        started=frozenset(key_of(node) for node in same_object(first)),
        boxes=boxes_of(form, asked),
        lists=lists_of(asked),
        finders=_finders(package),
        of_case=of_case,
        outside=outside,
    )


def _answering(form: Form, facts: frozenset[str]) -> dict[str, Names]:
    """Return the fields that say a fact of the case by its own name."""
    single = (info for info in form.fields() if "[]" not in info.path)
    return {info.key: tuple(info.path.split(".")) for info in single if info.key in facts}


def _outside(package: Package, application: str, start: Form) -> dict[str, object]:
    """Return what the application reads of the start form from outside, as it is for whoever applies online."""
    names = str(package.form_properties(application).get("variables", "")).split()
    fields = {node.key: node for node in same_object(start.nodes) if isinstance(node, Input)}
    chosen = {name: fields[name].options for name in names if name in fields}
    return {name: options[0].value for name, options in chosen.items() if isinstance(options, tuple) and options}


def _read_by(table: DecisionTable) -> frozenset[Names]:
    """Return the paths that decide which grounds apply and whether they are met."""
    cells = [column.expression.get() for column in table.inputs]
    for rule in table.rules:
        cells += [
            cell.get() for output, cell in zip(table.outputs, rule.outputs, strict=True) if output.name == _DECIDES
        ]
    return frozenset(path for cell in cells for path in cell.paths)


def _application(package: Package, process: ProcessInfo, read: frozenset[Names]) -> str | None:
    """Return the form that the subject of a case fills in, at the latest at its start, and of which the table reads most."""
    roles = {key for key, role in package.jurisdiction.roles.items() if role.subject}
    elements = (element for diagram in package.processes.values() for element in diagram.elements.values())
    theirs = {element.form for element in elements if element.form and package.role_of(element) in roles}
    if process.start_form:
        theirs.add(process.start_form)
    counted = {form: sum(path[0] == form for path in read) for form in sorted(theirs)}
    best = max(counted, key=lambda form: counted[form], default=None)
    return best if best is not None and counted[best] else None


def _finders(package: Package) -> dict[str, Text]:
    """Return who fills in each form that is not for applicants."""
    roles = package.jurisdiction.roles
    elements = (element for diagram in package.processes.values() for element in diagram.elements.values())
    filled = {element.form: roles.get(package.role_of(element)) for element in elements if element.form}
    return {form: role.text for form, role in filled.items() if role is not None and not role.subject}
