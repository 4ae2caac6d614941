"""The phases of an objection end within the period that the article gives for all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import start_city
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.parameters.change_parameter import propose_parameter
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameter_entries import set_value
from service.catalog.settings.periods import PhaseDays
from service.catalog.settings.settings import why_unlawful
from service.domain.errors import Invalid
from tests.support.lakeside import Lakeside
from tests.support.new_place import AWARD, OUTLINE, typed_as


def errors_of(town: Lakeside, draft: int) -> list[str]:
    return [p.message.zh for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]


@pytest.mark.parametrize(("since", "words"), [("receipt", "收到异议"), ("acceptance", "受理异议")])
def test_no_phase_ends_after_the_period_that_the_article_gives_for_all(town: Lakeside, since: str, words: str) -> None:
    """What ends later than the answer is refused with the article, and told where it is written nevertheless."""
    outline = replace(
        OUTLINE, steps=(CityStep.OBJECTION,), cited={**OUTLINE.cited, "objection": ("LN-2",)}, objection_from=since,
        objection_phases={"acceptance": PhaseDays(5), "reply": PhaseDays(15)},
    )  # fmt: skip
    draft = start_city(town.desk, town.designer, outline)
    package = package_of(town.desk, draft)
    known = package.award.parameters
    counted = {known[f"objection_{phase}_from"].values[-1].value for phase in ("investigation", "finding", "reply")}
    assert (counted, errors_of(town, draft)) == ({since}, [])
    late = known["objection_investigation_working_days"]
    assert why_unlawful(package, late, 15) is None
    with pytest.raises(Invalid, match=f"自{words}起第16个工作日才届满，超过依第2条“.+”的15个工作日"):
        propose_parameter(town.desk, town.designer, draft, typed_as(late, value="16"))
    opened = open_file(town.desk, town.designer, draft, f"{AWARD}/parameters.yaml")
    text = set_value(opened.content.decode(), late.id, 20).encode()
    save_file(town.desk, town.designer, draft, opened.path, text, opened.hash)
    [found] = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert (found.rule, found.element) == ("beyond_law", f"parameters.{late.id}.values")


def test_what_counts_from_the_phase_before_it_ends_after_that_one(town: Lakeside) -> None:
    phases = {"acceptance": PhaseDays(5), "investigation": PhaseDays(8), "reply": PhaseDays(15)}
    outline = replace(OUTLINE, steps=(CityStep.OBJECTION,), objection_from="receipt", objection_phases=phases)
    package = package_of(town.desk, start_city(town.desk, town.designer, outline))
    forward = package.award.parameters["objection_forward_working_days"]
    assert [bool(why_unlawful(package, forward, days)) for days in (7, 8)] == [False, True]
