"""Who reads a parameter: elements, documents and entries of the award by their formulas, rows of tables, forms, and roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.catalog.coverage.parameter_readers import files_reading
from service.catalog.names.problem_places import place_of
from service.catalog.package import Package
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.catalog.rules.context import prepare
from service.catalog.rules.formulas import formulas_of
from service.catalog.settings.setting_reach import names_in, names_of_row
from service.catalog.uses.piece_users import READS, PieceUser, place_name


def users_of_parameters(package: Package) -> Mapping[str, tuple[PieceUser, ...]]:
    """Return for each parameter that is read the places that read it; what the program itself reads is not among them."""
    return package.derived("users_of_parameters", lambda: _users(package))


def reading_place(package: Package, user: PieceUser) -> str:
    """Return a place that reads a parameter in one line: the piece, and what in it, by the names that people see."""
    own = kind_of(user.file) not in (PieceKind.AWARD, PieceKind.JURISDICTION)
    title = title_of(package, user.file) if own else "地方与奖项"
    return user.name if user.name.startswith(title) else f"{title}：{user.name}"


def _users(package: Package) -> Mapping[str, tuple[PieceUser, ...]]:
    found: dict[str, dict[PieceUser, None]] = {}
    for name, user in (*_of_formulas(package), *_of_rows(package), *_of_forms(package), *_of_terms(package)):
        found.setdefault(name, {})[user] = None
    return {name: tuple(users) for name, users in found.items()}


def _of_formulas(package: Package) -> Iterator[tuple[str, PieceUser]]:
    for formula in formulas_of(prepare(package)):
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
