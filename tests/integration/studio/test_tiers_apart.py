"""What a clause says of each tier apart: the votes that it takes, and for how long its winners may not apply again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.read_clause import read_clause_text
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.new_city.steps import CityStep
from tests.integration.studio.test_drawn_clauses import AWARD, OUTLINE, SEASON, errors, played, tree, without_drawing
from tests.support.lakeside import Lakeside

VOTES = "质量奖须经到会委员四分之三以上同意，提名奖须经到会委员三分之二以上同意。"
BARS = "获得质量奖的，五年内不得再次申报；获得提名奖的，三年内不得再次申报提名奖。"


def written(town: Lakeside, draft: int, kind: AssistKind, text: str) -> list[str]:
    """Write for each tier what the clause says of it, as the page proposes it; each shows in a season that needs what is drawn."""
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    tiers = read_clause_text(town.desk, town.designer, draft, "LN-2", kind).tiers
    for tier in tiers:
        read = read_clause_text(town.desk, town.designer, draft, "LN-2", kind)
        assert read.tier == tier.id, "the next that is not written yet is proposed"
        fields = {
            key: read.reading.fields[key] for key in ("value", "unit", "bound", "second") if key in read.reading.fields
        }
        answers = {key: value for key, value in read.reading.fields.items() if key not in fields}
        name = f"第2条{tier.name.zh}{'通过所需票数' if kind is AssistKind.MAJORITY else '限制'}"
        typed = TypedAssistance(kind, "LN-2", "", name, **fields, scenario=SEASON, tier=tier.id, answers=answers)
        before, shown = tree(town, draft), propose_assistance(town.desk, town.designer, draft, typed)
        assert shown.expected is not None
        write_assistance(town.desk, town.designer, draft, typed)
        [season] = [change.path for change in shown.changes if "/scenarios/" in change.path]
        bare = without_drawing(town, before, tree(town, draft), shown)
        assert played(town, bare.package, bare.filled, season).unmet != (), season
    return [tier.id for tier in tiers]


def seasons(town: Lakeside, draft: int) -> dict[str, str]:
    files = tree(town, draft).filled
    return {path: files[path].decode() for path in files if path.startswith(f"{AWARD}/scenarios/")}


@pytest.mark.parametrize("steps", [(), (CityStep.CATEGORIES,)])
def test_each_tier_is_carried_by_the_votes_that_it_takes(town: Lakeside, steps: tuple[CityStep, ...]) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=steps))

    assert written(town, draft, AssistKind.MAJORITY, VOTES) == ["tier_1", "tier_2"]

    after = tree(town, draft)
    known = {p.name: p for p in after.package.award.parameters.values() if "LN-2" in p.clauses}
    assert known["第2条质量奖通过所需票数"].values[-1].value == ">= 3/4"
    assert known["第2条提名奖通过所需票数"].values[-1].value == ">= 2/3"
    assert errors(town, draft) == []
    of_tiers = {path: text for path, text in seasons(town, draft).items() if path != SEASON}
    assert len(of_tiers) == 2
    assert b"threshold" in after.filled[f"{AWARD}/round.bpmn"]
    for path in seasons(town, draft):
        assert played(town, after.package, after.filled, path).unmet == (), path


def test_winners_of_each_tier_wait_as_long_as_the_clause_says_of_it(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.CATEGORIES,)))

    assert written(town, draft, AssistKind.BAR, BARS) == ["tier_1", "tier_2"]

    after = tree(town, draft)
    assert errors(town, draft) == []
    for path in seasons(town, draft):
        assert played(town, after.package, after.filled, path).unmet == (), path
