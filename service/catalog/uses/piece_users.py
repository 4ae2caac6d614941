"""Who uses a piece of a package: the places that show a form, issue a document, or read what a field holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from service.catalog.bpmn.model import Element, split_words
from service.catalog.catalog import Catalog
from service.catalog.closure import element_words
from service.catalog.coverage.parameter_readers import files_reading
from service.catalog.documents.documents import DocumentTemplate
from service.catalog.feel import compiled, words_of
from service.catalog.package import Package
from service.catalog.patterns.patterns import DIAGRAMS, FORMS
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, plain_title, title_of
from service.catalog.problems import Problem, errors_of
from service.catalog.rules.context import Checked, is_shared, prepare_check
from service.catalog.rules.formulas import formulas_of
from service.catalog.rules.places import place_of
from service.catalog.settings.setting_reach import names_in, names_of_row
from service.catalog.tables.tables import TableDescription
from service.domain.feel import FeelSyntaxError
from service.domain.text import Text

READS = Text("读取它", "reads it")
_ANY = ("", "-")


@dataclass(frozen=True, slots=True)
class PieceUser:
    """A place that uses a piece: ``name`` is how people call it, ``what`` it does, ``text`` the formula that reads."""

    file: str
    place: str
    name: str
    what: Text
    text: str = ""


def users_of_form(package: Package, ident: str, *, reading: bool = True) -> tuple[PieceUser, ...]:
    """Return the tasks, kinds of case, actions and documents that show form ``ident``, and the formulas ``reading`` it."""
    read = _iterate_readers(prepare_check(package), (ident,)) if reading else ()
    return tuple(dict.fromkeys((*_find_showing(package, ident), *read)))


def readers_of_form(package: Package, ident: str) -> tuple[tuple[str, PieceUser], ...]:
    """Return every formula that reads form ``ident``, with the path in it that is read, "" for the form as a whole."""
    readers: dict[tuple[str, PieceUser], None] = {}
    checked = prepare_check(package)
    for file, place, text in _iterate_formulas(checked):
        with suppress(FeelSyntaxError):
            for read in compiled(text).paths:
                path = _strip_forms_prefix(read)
                if path[0] == ident:
                    user = PieceUser(file, place, place_name(package, file, place), READS, text)
                    readers[".".join(path[1:]), user] = None
    readers.update(dict.fromkeys(_iterate_routed_fields(package, ident)))
    return tuple(readers)


def users_of_document(package: Package, ident: str) -> tuple[PieceUser, ...]:
    """Return the elements that issue document ``ident`` and the documents that include or attach it."""
    users = [
        _build_element_user(package, element, Text("制发它", "issues it"))
        for diagram in package.diagrams.values()
        for element in diagram.elements.values()
        if element.operation and ident in element_words(element)
    ]
    for document in package.documents.values():
        if ident in document.included():
            users.append(_build_document_user(document, Text("引用它的段落", "includes its paragraphs")))
        if any(attachment.document == ident for attachment in document.attachments):
            users.append(_build_document_user(document, Text("把它作为附件", "attaches it")))
    return tuple(users)


def users_of_diagram(package: Package, path: str) -> tuple[PieceUser, ...]:
    """Return the kinds of case that run the diagram in file ``path``, and the call activities that call it."""
    diagram = package.diagrams.get(path)
    if diagram is None:
        return ()
    ident = diagram.process_id
    users = [
        _build_element_user(package, call, Text("调用它", "calls it"))
        for other in package.diagrams.values()
        for call in other.calls
        if call.called == ident and other is not diagram
    ]
    for key, kind in package.award.processes.items():
        if kind.process == ident:
            what = Text("按它办理", "follows it")
            users.append(PieceUser(package.award_file, f"processes.{key}", kind.name, what))
    return tuple(users)


def users_of_table(package: Package, path: str) -> tuple[PieceUser, ...]:
    """Return the elements that decide by the table in file ``path``."""
    names = {name for name, table in package.tables.items() if table.file == path}
    return tuple(
        _build_element_user(package, element, Text("按它判断", "decides by it"))
        for diagram in package.diagrams.values()
        for element in diagram.elements.values()
        if names & set(element_words(element))
    )


def users_of_edition(package: Package, ident: str) -> tuple[PieceUser, ...]:
    """Return the parameters that choose scoring edition ``ident``."""
    return tuple(
        PieceUser(package.parameters_file, f"parameters.{p.id}", p.name, Text("按它评分", "scores by it"))
        for p in package.award.parameters.values()
        if any(str(dated.value).partition("@")[0] == ident for dated in p.values)
    )


def _find_showing(package: Package, ident: str) -> Iterator[PieceUser]:
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.form == ident or ident in _forms_handed(element):
                yield _build_element_user(package, element, Text("由人填写", "has it filled in"))
    award, file = package.award, package.award_file
    for key, kind in award.processes.items():
        if kind.start_form == ident:
            yield PieceUser(file, f"processes.{key}", kind.name, Text("用它提交", "is started with it"))
    for key, action in award.actions.items():
        if action.form == ident:
            yield PieceUser(file, f"actions.{key}", action.name, Text("用它提交", "is asked for with it"))
    for document in package.documents.values():
        if any(attachment.form == ident for attachment in document.attachments):
            yield _build_document_user(document, Text("把它作为附件", "attaches it"))


def _iterate_routed_fields(package: Package, ident: str) -> Iterator[tuple[str, PieceUser]]:
    """Yield the fields that a task of form ``ident`` hands to its diagram, with the ways that ask for them."""
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            names = split_words(element.properties.get("routes", "")) if element.form == ident else ()
            for name in names:
                yield name, _build_element_user(package, element, Text("交给流程图判断", "hands it to the diagram"))
                for flow in diagram.flows.values():
                    if flow.condition and name in _names_in(flow.condition):
                        place = place_name(package, diagram.file, flow.id)
                        yield name, PieceUser(diagram.file, flow.id, place, READS, flow.condition)


def _names_in(text: str) -> frozenset[str]:
    with suppress(FeelSyntaxError):
        return compiled(text).names
    return frozenset()


def _forms_handed(element: Element) -> Iterator[str]:
    """Yield the words by which the operation of an element may be handed a form."""
    for name, text in element.operation.parameters.items() if element.operation else ():
        if "form" in name:
            yield from words_of(text)


def _iterate_readers(checked: Checked, path: tuple[str, ...]) -> Iterator[PieceUser]:
    """Yield the formulas that read ``path`` or something in it, or the whole in which it lies."""
    for file, place, text in _iterate_formulas(checked):
        with suppress(FeelSyntaxError):  # told where it is checked
            if any(_is_reading(read, path) for read in compiled(text).paths):
                yield PieceUser(file, place, place_name(checked.package, file, place), READS, text)


def _is_reading(read: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Tell whether reading ``read`` looks at ``path``; a form read as a whole looks at none of its fields."""
    read = _strip_forms_prefix(read)
    shorter = min(len(read), len(path))
    return shorter > min(1, len(path) - 1) and read[:shorter] == path[:shorter]


def _strip_forms_prefix(read: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path without the ``forms.`` under which every submission stands as well."""
    return read[1:] if read[0] == "forms" and len(read) > 1 else read


def _iterate_formulas(checked: Checked) -> Iterator[tuple[str, str, str]]:
    """Yield (file, place, formula) of all formulas outside forms."""
    for formula in formulas_of(checked):
        yield formula.file, formula.place, formula.text
    for table in {id(table): table for table in checked.package.tables.values()}.values():
        yield from _of_table(table)


def _of_table(table: TableDescription) -> Iterator[tuple[str, str, str]]:
    for column in table.inputs:
        yield table.file, column.id, column.expression
    for row in table.rows:
        yield from ((table.file, row.id, text) for text in row.outputs if text not in _ANY)


def place_name(package: Package, file: str, place: str) -> str:
    """Return what people call the place of a file at which something is read: the label of an element, a title."""
    if (diagram := package.diagrams.get(file)) is not None:
        element = diagram.elements.get(place)
        flow = diagram.flows.get(place)
        named = element or (diagram.elements.get(flow.source) if flow else None)
        if named is not None and named.name:
            return named.name
        return _describe_neighbours(package, file, named.id if named is not None else place)
    if file == package.award_file:
        return _of_award(package, place)
    document = package.documents.get(place)
    if document is not None and document.file == file:
        return plain_title(document.title)
    tables = [table.name for table in package.tables.values() if table.file == file]
    return tables[0] if tables else place


def _of_award(package: Package, place: str) -> str:
    """Return the name of the kind of case or the action of which ``place`` (such as ``actions.withdraw.condition``) says more."""
    head, key, *_ = (*place.split("."), "")
    kind, action = package.award.processes.get(key), package.award.actions.get(key)
    if head == "processes" and kind is not None:
        return kind.name
    return action.name if head == "actions" and action is not None else place


def _describe_neighbours(package: Package, file: str, ident: str) -> str:
    """Return what lies beside an element without a name, by which people find it."""
    place = place_of(package, file, ident)
    return ident if place is None else place.zh


def _build_element_user(package: Package, element: Element, what: Text) -> PieceUser:
    file = package.diagram(element.process_id).file
    return PieceUser(file, element.id, element.name or _describe_neighbours(package, file, element.id), what)


def _build_document_user(document: DocumentTemplate, what: Text) -> PieceUser:
    return PieceUser(document.file, document.id, plain_title(document.title), what)


def users_of_parameters(package: Package) -> Mapping[str, tuple[PieceUser, ...]]:
    """Return for each parameter that is read the places that read it; what the program itself reads is not among them."""
    return package.derived("users_of_parameters", lambda: _map_users(package))


def reading_place(package: Package, user: PieceUser) -> str:
    """Return a place that reads a parameter in one line: the piece, and what in it, by the names that people see."""
    is_separate_file = kind_of(user.file) not in (PieceKind.AWARD, PieceKind.JURISDICTION)
    title = title_of(package, user.file) if is_separate_file else "地方与奖项"
    return user.name if user.name.startswith(title) else f"{title}：{user.name}"


def _map_users(package: Package) -> Mapping[str, tuple[PieceUser, ...]]:
    users_by_name: dict[str, dict[PieceUser, None]] = {}
    for name, user in (*_of_formulas(package), *_of_rows(package), *_of_forms(package), *_of_terms(package)):
        users_by_name.setdefault(name, {})[user] = None
    return {name: tuple(users) for name, users in users_by_name.items()}


def _of_formulas(package: Package) -> Iterator[tuple[str, PieceUser]]:
    for formula in formulas_of(prepare_check(package)):
        for name in names_in(formula.text):
            named = place_name(package, formula.file, formula.place)
            yield name, PieceUser(formula.file, formula.place, named, READS)


def _of_rows(package: Package) -> Iterator[tuple[str, PieceUser]]:
    for table in {id(table): table for table in package.tables.values()}.values():
        for row in table.rows:
            place = place_of(package, table.file, row.id)
            for name in names_of_row(table, row):
                yield name, PieceUser(table.file, row.id, place.zh if place else row.id, READS)


def _of_terms(package: Package) -> Iterator[tuple[str, PieceUser]]:
    """Yield the parameters that say how long a role is held and how often in a row, with the role."""
    place = package.jurisdiction
    for role in place.roles.values():
        user = PieceUser(f"processes/{place.id}/jurisdiction.yaml", f"roles.{role.id}", role.name, READS)
        yield from ((name, user) for name in (role.term, role.most_terms) if name)


def _of_forms(package: Package) -> Iterator[tuple[str, PieceUser]]:
    for path, names in files_reading(package.files):
        if kind_of(path) is PieceKind.FORM:
            for name in names:
                yield name, PieceUser(path, "", title_of(package, path), READS)


_OF_A_PLACE = frozenset({
    "never_run", "role_unbound", "unknown_role", "unknown_recipient", "message_never_sent",
    "message_never_caught", "undeclared_fact", "undeclared_name", "undeclared_variable", "hidden_name", "unknown_process",
    "unknown_form", "unknown_table", "attendance_unsaid",
})  # fmt: skip
"""Rules about what a place brings along: its roles, facts, parameters, forms and tables of its own, and who calls the piece."""


def check_unused(catalog: Catalog, checker: Callable[[Package], Iterable[Problem]]) -> Iterator[Problem]:
    """Yield what is wrong with the shared pieces that no package of ``catalog`` uses, tried beside one of them.

    A pattern is no file that could be tried: its problems show in what is made of it.
    """
    used = {path for package in catalog.packages.values() for path in package.files}
    shared = {path: content for path, content in catalog.tree.items() if _is_counted(path)}
    unused_paths = {path for path in shared if path not in used}
    host = next((package for package in catalog.packages.values() if not errors_of(package.problems)), None)
    if host is None or not unused_paths:
        return
    trial = Package.from_files({**shared, **host.files}, host.operations)
    for problem in checker(trial):
        if problem.file in unused_paths and problem.rule not in _OF_A_PLACE:
            yield problem


def _is_counted(path: str) -> bool:
    return is_shared(path) and not path.startswith((f"{DIAGRAMS}/", f"{FORMS}/"))
