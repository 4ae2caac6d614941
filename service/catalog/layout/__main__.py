"""Lay out diagrams, in place: ``python -m service.catalog.layout FILE...``."""

from __future__ import annotations

from pathlib import Path

import click

from service.catalog.jurisdiction import Jurisdiction, read_jurisdiction
from service.catalog.layout.draw import layout_diagram
from service.catalog.source.fields import read_fields
from service.domain.errors import LaurelError

#: Names of the lanes of shared diagrams, whose roles are abstract.
_SHARED_ROLES = {
    "applicant": "申报组织",
    "objector": "异议人",
    "recommender": "推荐单位",
    "poster": "公示单位",
    "investigator": "核查单位",
    "department": "有关部门",
    "office": "办公室",
    "chair": "主持人",
    "expert": "评审专家",
    "committee": "评审委员会",
    "objection_decider": "异议认定机构",
    "decider": "审定机构",
    "approver": "审定机关",
    "reevaluation_decider": "再评价认定机构",
    "revocation_proposer": "撤销提请机构",
    "revocation_authority": "撤销决定机关",
    "government": "人民政府",
    "supervising": "监督单位",
    "supervisor": "监督机构",
    "winner": "获奖组织",
}
_SHARED_POOL = "各地通用"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(files: tuple[Path, ...]) -> None:
    """Rewrite each of FILES with a fresh drawing; everything else is kept."""
    failed = False
    for path in files:
        try:
            roles, pool = _names(path)
            path.write_bytes(layout_diagram(path.read_bytes(), str(path), roles, pool))
        except LaurelError as error:
            failed = True
            click.echo(f"{path}: {error.message.zh} {error.message.en}", err=True)
    if failed:
        raise SystemExit(1)


def _names(path: Path) -> tuple[dict[str, str], str]:
    """Return the lane names by role and the pool's name of the city a diagram belongs to."""
    found = _jurisdiction(path)
    if found is None:
        return _SHARED_ROLES, _SHARED_POOL
    own = {role.id: role.name for role in found.roles.values()}
    bound = {abstract: own[role] for abstract, role in found.bindings.items() if role in own and abstract not in own}
    return own | bound, found.name


def _jurisdiction(path: Path) -> Jurisdiction | None:
    for folder in path.resolve().parents[:3]:
        file = folder / "jurisdiction.yaml"
        if file.is_file():
            return read_jurisdiction(read_fields(file.read_bytes(), str(file), lambda _: None), folder.name)
    return None


if __name__ == "__main__":
    main()
