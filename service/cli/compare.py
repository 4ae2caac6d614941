"""``laurel compare``: two regulations side by side, with their articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from service.catalog import Package, load_catalog
from service.catalog.compare import Comparison, Pair, Value, compare_packages
from service.catalog.parameters.subjects import SUBJECTS
from service.cli.deploy import packages_below
from service.cli.tools import Tools, pass_tools
from service.cli.window import read_day
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text


@click.command("compare")
@click.argument("left")
@click.argument("right")
@click.option("--on", "day", metavar="DATE", help="Compare the values in force on that day; today without it.")
@click.option("--all", "everything", is_flag=True, help="Also list what agrees.")
@pass_tools
def show_comparison(tools: Tools, left: str, right: str, day: str | None, everything: bool) -> None:
    """Compare LEFT with RIGHT: a city, city/award, a folder, or CITY@VERSION of what was published."""
    sides = find_package(tools, left), find_package(tools, right)
    comparison = compare_packages(*sides, read_day(day))
    click.echo(as_text(comparison, everything))


def find_package(tools: Tools, word: str) -> Package:
    """Return the package that ``word`` names; raises NotFound or Invalid with what may be written."""
    name, at, version = word.partition("@")
    if at:
        return _get_published(tools, name, version)
    catalog = load_catalog(tools.root)
    packages = [p for p in catalog.packages.values() if name in (p.key, p.jurisdiction.id)]
    if not packages and Path(word).is_dir():
        packages = packages_below(tools.root, Path(word))
    return _require_single(packages, word, sorted(catalog.packages))


def _get_published(tools: Tools, name: str, version: str) -> Package:
    desk = tools.desk()
    with desk.store.read() as tx:
        keys = [row.package for row in tx.definitions.all_current()]
        rows = [r for key in keys if name in (key, key.partition("/")[0]) for r in tx.definitions.of_package(key)]
        chosen = [r for r in rows if r.version.startswith(version) or (version == "current" and r.current)]
        choices = [f"{r.package}@{r.version[:12]}" for r in rows]
        return _require_single([desk.packages.get(r.version, tx) for r in chosen], f"{name}@{version}", choices)


def _require_single(packages: list[Package], word: str, choices: list[str]) -> Package:
    if len(packages) == 1:
        return packages[0]
    listed = "、".join(choices) or "—"
    if not packages:
        raise NotFound(Text(f"没有“{word}”。现有：{listed}。", f"There is no “{word}”. There are: {listed}."))
    several = "、".join(sorted({p.key for p in packages}))
    raise Invalid(
        Text(f"“{word}”不止一个：{several}，请写明是哪一个。", f"“{word}” may be any of {several}: say which one.")
    )


def as_text(comparison: Comparison, everything: bool) -> str:
    """Return a comparison for people: what differs by chapter, marked ≠, and what only one side has, marked + or −."""
    lines = [f"{_format_title(comparison.left)}  ⇄  {_format_title(comparison.right)}  （{comparison.on}）"]
    for title, pairs in (
        ("类别", comparison.tiers),
        ("办件种类", comparison.processes),
        ("评审阶段", comparison.stages),
    ):
        visible_pairs = [p for p in pairs if everything or not p.same]
        lines += [f"\n【{title}】"] * bool(visible_pairs)
        lines += [
            f"{_get_mark(p)} {p.left.name if p.left else '—'}  |  {p.right.name if p.right else '—'}"
            for p in visible_pairs
        ]
    for subject in SUBJECTS:
        rows = [p for p in comparison.parameters if p.subject == subject.id and (everything or not p.same)]
        lines += [f"\n【{subject.name.zh}】"] * bool(rows)
        lines += [_format_line(p) for p in rows]
    changed = [p for p in comparison.clauses if comparison.one_city and (everything or not p.same)]
    lines += ["\n【条款】"] * bool(changed)
    for clause in changed:
        lines.append(f"{_get_mark(clause)} {clause.key}")
        lines += [f"    − {c.article} {c.summary}" for c in clause.left or ()]
        lines += [f"    + {c.article} {c.summary}" for c in clause.right or ()]
    lines += ["\n【文件】"] * bool(comparison.files) + [f"{_get_mark(p)} {p.key}" for p in comparison.files]
    different = sum(not p.same for p in comparison.parameters)
    lines.append(
        f"\n参数 {len(comparison.parameters)} 项，{different} 项不同 / {different} of {len(comparison.parameters)} differ"
    )
    return "\n".join(lines)


def _format_title(package: Package) -> str:
    return f"{package.jurisdiction.name} {package.award.name} {package.version[:12]}"


def _format_line(pair: Pair[Value]) -> str:
    setting = pair.left or pair.right
    assert setting is not None
    return f"{_get_mark(pair)} {setting.parameter.name}（{pair.key}）：{_format_side(pair.left)}  |  {_format_side(pair.right)}"


def _format_side(side: Value | None) -> str:
    if side is None:
        return "—"
    bounds = f"，{side.bounds.zh}" if side.bounds else ""
    return f"{side.in_words.zh}{bounds}" + (f"（{side.articles}）" if side.articles else "（缺省）")


def _get_mark(pair: Pair[Any]) -> str:
    if pair.same:
        return " ="
    return " +" if pair.left is None else (" −" if pair.right is None else " ≠")
