"""``laurel coverage``: where every clause of a jurisdiction's law is carried out."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from service.catalog import Catalog, Package, load_catalog
from service.catalog.check import find_root
from service.catalog.coverage.coverage import Coverage, coverage
from service.catalog.coverage.matrix import ClauseLine, ClauseStatus, Matrix, build_coverage_matrix, matrix_as_json
from service.catalog.scenarios.proofs import with_proofs
from service.cli.tools import Tools, exit_with_refusal, pass_tools
from service.domain.errors import NotFound
from service.domain.text import Text


@click.command("coverage")
@click.argument("jurisdiction")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print counts and every clause as JSON: its fate, where it is cited, which expectation proves it.",
)
@click.option("--unproved", is_flag=True, help="List only the clauses that are cited and that no expectation proves.")
@pass_tools
def show_coverage(tools: Tools, jurisdiction: str, as_json: bool, unproved: bool) -> None:
    """Account for every clause of JURISDICTION, an id or a folder anywhere. Exit code 1 when a clause is uncovered and not left for later.

    A clause is carried out where it is cited and an expectation of a scenario proves it; unproved where none does.
    """
    try:
        root, jurisdiction = _resolve_jurisdiction(tools.root, jurisdiction)
        catalog = load_catalog(root)
        report = coverage_of(catalog, jurisdiction)
    except NotFound as error:
        exit_with_refusal(error)
    if as_json:
        click.echo(
            orjson.dumps(
                matrix_as_json(jurisdiction, build_coverage_matrix(_with_proofs(catalog, jurisdiction)))
            ).decode()
        )
    else:
        click.echo(as_text(report, build_coverage_matrix(_with_proofs(catalog, jurisdiction)), unproved))
    sys.exit(1 if set(report.uncovered) - set(report.not_modelled_yet) else 0)


def _resolve_jurisdiction(root: Path, word: str) -> tuple[Path, str]:
    """Return the root and the id of a jurisdiction named by its id or by its folder anywhere."""
    folder = Path(word).resolve()
    return (find_root(folder), folder.name) if (folder / "jurisdiction.yaml").is_file() else (root, word)


def coverage_of(catalog: Catalog, jurisdiction: str) -> Coverage:
    """Return the coverage of a jurisdiction by all its awards; raises NotFound."""
    packages = catalog.of(jurisdiction)
    if not packages:
        choices = "、".join(sorted(catalog.jurisdictions)) or "—"
        raise NotFound(
            Text(
                f"没有辖区“{jurisdiction}”。现有：{choices}。",
                f"There is no jurisdiction “{jurisdiction}”. There are: {choices}.",
            )
        )
    return coverage(_with_proofs(catalog, jurisdiction))


def _with_proofs(catalog: Catalog, jurisdiction: str) -> list[Package]:
    return [with_proofs(package, catalog.tree) for package in catalog.of(jurisdiction)]


def as_text(report: Coverage, whole: Matrix, unproved: bool = False) -> str:
    """Return coverage for people: every clause (or the unproved ones) with its places, proofs or reason, and the sum."""
    lines = []
    for line in whole.lines:
        if not unproved or line.status is ClauseStatus.UNPROVED:
            lines += _clause_lines(line)
    return "\n".join([*lines, report.summary.zh, report.summary.en])


def _clause_lines(line: ClauseLine) -> list[str]:
    status = f"{line.status.value.zh} / {line.status.value.en}"
    lines = [f"{line.clause.id} {line.clause.article} {line.clause.summary}", f"    [{status}] {line.reason}".rstrip()]
    lines += [f"    {place.kind} {place.name or place.element}  {place.file}#{place.element}" for place in line.places]
    return lines + [
        f"    ✓ {proof.scenario}:{proof.line} {proof.told}"
        + ("（只证明走到 / the step alone）" if proof.step_only else "")
        + ("（参数越过法定界限，不算证明 / parameters beyond the law, no proof）" if proof.beyond else "")
        for proof in line.proofs
    ]
