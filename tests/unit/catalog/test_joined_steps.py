"""Which steps of an applicant are one piece of work."""

from __future__ import annotations

from service.catalog.joined_steps import joined_steps
from tests.support.bundled import bundled


def test_steps_are_joined_unless_the_case_goes_on_without_the_last() -> None:
    package = bundled().package("ganzhou/quality_award")
    filled = [e.id for e in joined_steps(package, "ganzhou_prepare", "fill_application")]
    assert filled == ["fill_application", "submit_application"]
    for step in ("submit_correction", "explain_correction"):
        assert joined_steps(package, "shared_correction_round", step) == ()
