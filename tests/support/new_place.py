"""A place as the studio begins it from blank, for tests of drafts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.casework.simulate.playing.play import Played, play
from service.casework.simulate.stage.stage import empty_store
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.parameters.change_parameter import TypedParameter, build_parameter_fields
from service.casework.studio.scenarios.run_scenarios import read_file
from service.catalog import Package, Parameter
from service.catalog.law.law import Clause
from service.catalog.law_text.split import split_law
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.web.studio.law.law_rows import rows_of_text
from tests.support.lakeside import Lakeside

KEY = "lanshan/quality_award"
AWARD = f"processes/{KEY}"
SEASON = f"{AWARD}/scenarios/first_season.yaml"
OUTLINE = CityOutline(
    "lanshan", "兰山县", "", "cn", "兰山县质量奖", "兰山县质量奖管理办法", date(2026, 1, 1), "县市场监管局", "评审委员会",
    (OutlinedTier("tier_1", "质量奖", 5), OutlinedTier("tier_2", "提名奖", 10)),
    tuple(Clause(f"LN-{number}", f"第{number}条", "other", "内容。", None, None) for number in (1, 2)),
    dict.fromkeys(("apply", "conditions", "acceptance", "vote", "notice", "conferral"), ("LN-1",)),
)  # fmt: skip


def tree(town: Lakeside, draft: int) -> DraftTree:
    with town.desk.store.read() as tx:
        return tree_of(town.desk, tx, draft)


def played(town: Lakeside, package: Package, filled: Mapping[str, bytes], path: str) -> Played:
    scenario = read_file(filled, path).scenario
    assert scenario is not None
    with empty_store() as store:
        return play(store, package, scenario, town.desk.calendars, town.desk.operations)


def typed_as(parameter: Parameter, **changed: str) -> TypedParameter:
    """A parameter as its form shows it, with what is typed instead."""
    value = str(parameter.values[-1].value)
    return TypedParameter(parameter.id, **{**build_parameter_fields(parameter, value), **changed})


def passages_sent(text: str) -> dict[str, Any]:
    """Return the passages of a law as the second page of a new city sends them on."""
    made = rows_of_text(split_law(text))
    fields: dict[str, Any] = {"row": [str(n) for n in range(len(made))]}
    for number, row in enumerate(made):
        fields |= {f"{key}-{number}": str(row[key]) for key in ("place", "numbers", "text")}
        fields |= {f"keep-{number}": "on"} if row["keep"] else {}
    return fields
