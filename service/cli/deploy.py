"""``laurel deploy``: check process packages and publish them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import Deployed, PackageRefused, deploy_package
from service.casework.definitions.settings import as_json as changes_as_json
from service.casework.desk.desk import Desk
from service.catalog import Package, load_catalog
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import read_sources
from service.cli.tools import Tools, exit_with_refusal, pass_tools
from service.domain.errors import Conflict, LaurelError, NotFound
from service.domain.text import Text

_CHANGED = Text("参数的取值改变", "a parameter has another value")
_ENDED = Text("本地的设定不再算数", "a value that the city set holds no more")


@click.command("deploy")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--base", metavar="VERSION", help="The version your edit started from; refused when another was published since."
)
@click.option(
    "--take-over", is_flag=True, help="Replace even a newer version: of the studio, or one that replaced the folder's."
)
@click.option(
    "--end-settings", is_flag=True, help="Publish even where a value that the city set itself would hold no more."
)
@click.option(
    "--only-new", is_flag=True, help="Publish only packages that were never published; leave the others alone."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print package, version, what changed and which settings ended as JSON."
)
@pass_tools
def deploy(
    tools: Tools,
    path: Path,
    base: str | None,
    take_over: bool,
    end_settings: bool,
    only_new: bool,
    as_json: bool,
) -> None:
    """Publish the packages below PATH (a folder of processes, a jurisdiction or an award).

    Says which values of parameters are others than before; a version that would end what a city set itself is refused.
    """
    try:
        sources, packages = read_sources(tree_root(tools.root, path)), packages_below(tools.root, path)
        desk = tools.desk()
        packages = _never_published(desk, packages) if only_new else packages
        publish = partial(
            deploy_package, desk, SYSTEM, base=base, sources=sources, take_over=take_over, end_settings=end_settings
        )
        refused = [
            refusal for package in packages if (refusal := _publish_package(publish, package, as_json)) is not None
        ]
    except PackageRefused as mistaken:
        _print_problems(mistaken)
        sys.exit(1)
    except LaurelError as error:
        exit_with_refusal(error)
    for refusal in refused[:-1]:
        click.echo(f"{refusal.message.zh} / {refusal.message.en}", err=True)
    if refused:
        exit_with_refusal(refused[-1])


def _publish_package(publish: Callable[[Package], Deployed], package: Package, as_json: bool) -> Conflict | None:
    """Publish one package and say so; a package that is refused for what others decided leaves the others alone."""
    try:
        done = publish(package)
    except Conflict as refusal:
        return refusal
    if as_json:
        click.echo(json.dumps(_as_json(done), ensure_ascii=False))
        return None
    click.echo(_as_sentence(done))
    for heading, changes in ((_CHANGED, done.changed_values), (_ENDED, done.ended)):
        for change in changes:
            click.echo(f"  {heading.zh}：{change.sentence.zh} / {heading.en}: {change.sentence.en}")
    return None


def _never_published(desk: Desk, packages: list[Package]) -> list[Package]:
    with desk.store.read() as tx:
        return [package for package in packages if tx.definitions.current(package.key) is None]


def packages_below(root: Path, path: Path) -> list[Package]:
    """Return the packages of the tree whose files lie below ``path``, or that it lies in; raises NotFound where there are none."""
    target, base = path.resolve(), tree_root(root, path)
    catalog = load_catalog(base)
    packages = [with_proofs(package, catalog.tree) for package in catalog.packages.values()]
    inside = [
        p
        for p in packages
        if (base / "processes" / p.key).is_relative_to(target) or target.is_relative_to(base / "processes" / p.key)
    ]
    if not inside:
        raise NotFound(_no_award(path, base))
    return inside


def _no_award(path: Path, base: Path) -> Text:
    """Return why nothing is published: an award lies elsewhere than where awards are looked for, or there is none."""
    awards = (
        award_path for depth in ("", "*/", "*/*/") for award_path in sorted(path.resolve().glob(f"{depth}award.yaml"))
    )
    astray = next((award_path for award_path in awards if not award_path.is_relative_to(base / "processes")), None)
    if astray is not None:
        return Text(
            f"“{astray}”不在名为 processes 的文件夹之下，什么也没有发布：请放到 processes/城市/奖项/award.yaml（城市共用的表单放到旁边的 "
            "forms/城市），再指向 processes。",
            f"“{astray}” lies below no folder called processes, and nothing was published: put it at processes/CITY/AWARD/award.yaml,"
            " forms of the city beside it at forms/CITY, and name processes.",
        )
    return Text(
        f"“{path}”之下没有奖项（processes/城市/奖项/award.yaml），什么也没有发布。请核对路径。",
        f"There is no award (processes/CITY/AWARD/award.yaml) below “{path}”: nothing was published. Look at the path.",
    )


def tree_root(root: Path, path: Path) -> Path:
    """Return the folder with processes/ and forms/ that ``path`` belongs to, the nearest above; ``root`` where it lies within."""
    target = path.resolve()
    for folder in (target, *target.parents):
        if (folder / "processes").is_dir():
            return folder
    return root.resolve() if target.is_relative_to(root.resolve()) else target


def _print_problems(refused: PackageRefused) -> None:
    click.echo(f"{refused.message.zh} / {refused.message.en}", err=True)
    for p in refused.problems:
        click.echo(f"  {p.file} {p.element} [{p.rule}] {p.message.zh} {p.remedy.zh}", err=True)


def _as_sentence(done: Deployed) -> str:
    state = "已发布" if done.changed else "没有变化"
    return f"{done.package} {done.version[:12]} {state} / {'published' if done.changed else 'unchanged'}"


def _as_json(done: Deployed) -> dict[str, object]:
    return {
        "package": done.package,
        "version": done.version,
        "changed": done.changed,
        "values": changes_as_json(done.changed_values),
        "ended_settings": changes_as_json(done.ended),
    }
