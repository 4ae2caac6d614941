"""``laurel coverage``: where every clause of a jurisdiction's law is carried out."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from service.catalog import Catalog, load_catalog
from service.catalog.check import find_root
from service.catalog.coverage import Coverage, coverage
from service.cli.reach import show_reach
from service.cli.tools import Tools, pass_tools, refuse
from service.domain.errors import NotFound
from service.domain.text import Text


@click.command("coverage")
@click.argument("jurisdiction")
@click.option("--json", "as_json", is_flag=True, help="Print {jurisdiction, clauses, carried_out, …} as JSON.")
@click.option(
    "--matrix",
    is_flag=True,
    help="Print {clause: [{file, element, kind, name}, …]} as JSON: where each is carried out.",
)
@click.option(
    "--scenarios",
    is_flag=True,
    help="Play every scenario and say which elements of the diagrams none of them reaches; takes its time.",
)
@pass_tools
def show_coverage(tools: Tools, jurisdiction: str, as_json: bool, matrix: bool, scenarios: bool) -> None:
    """Account for every clause of JURISDICTION, an id or a folder anywhere. Exit code 1 when a clause is uncovered and not left for later.

    With --scenarios account for every element instead; exit code 1 when one is not reached or a scenario fails.
    """
    try:
        root, jurisdiction = _meant(tools.root, jurisdiction)
        catalog = load_catalog(root)
        found = coverage_of(catalog, jurisdiction)
        if scenarios:
            sys.exit(0 if show_reach(root, catalog, jurisdiction, as_json) else 1)
    except NotFound as error:
        refuse(error)
    if as_json or matrix:
        click.echo(orjson.dumps(matrix_of(found) if matrix else as_json_value(found)).decode())
    else:
        click.echo(as_text(found, catalog))
    sys.exit(1 if set(found.uncovered) - set(found.not_modelled_yet) else 0)


def _meant(root: Path, word: str) -> tuple[Path, str]:
    """Return the root and the id of a jurisdiction named by its id or by its folder anywhere."""
    folder = Path(word).resolve()
    return (find_root(folder), folder.name) if (folder / "jurisdiction.yaml").is_file() else (root, word)


def coverage_of(catalog: Catalog, jurisdiction: str) -> Coverage:
    """Return the coverage of a jurisdiction by all its awards; raises NotFound."""
    packages = catalog.of(jurisdiction)
    if not packages:
        known = "、".join(sorted(catalog.jurisdictions)) or "—"
        raise NotFound(
            Text(
                f"没有辖区“{jurisdiction}”。现有：{known}。",
                f"There is no jurisdiction “{jurisdiction}”. There are: {known}.",
            )
        )
    return coverage(packages)


def as_json_value(found: Coverage) -> dict[str, object]:
    """Return coverage for programs: counts, and the ids left uncovered. The shape is stable."""
    return {
        "jurisdiction": found.jurisdiction,
        "clauses": len(found.clauses),
        "carried_out": len(found.carried_out),
        "informative": len(found.informative),
        "outside": len(found.outside),
        "uncovered": list(found.uncovered),
    }


def matrix_of(found: Coverage) -> dict[str, list[dict[str, str]]]:
    """Return where each clause is carried out: diagram element, table row, parameter, form field, document, action."""
    return {
        clause: [{"file": c.file, "element": c.element, "kind": str(c.kind), "name": c.name} for c in places]
        for clause, places in found.where.items()
    }


def as_text(found: Coverage, catalog: Catalog) -> str:
    """Return coverage for people: every clause with its places or its reason, and the sum."""
    law = catalog.of(found.jurisdiction)[0].law
    lines = []
    for ident in found.clauses:
        clause = law.clauses[ident]
        lines.append(f"{ident} {clause.article} {clause.summary}")
        for place in found.where.get(ident, ()):
            lines.append(f"    {place.kind} {place.name or place.element}  {place.file}#{place.element}")
        if ident not in found.where:
            lines.append(f"    {clause.informative or clause.outside or '未落实 / uncovered'}")
    return "\n".join([*lines, found.summary.zh, found.summary.en])
