"""Mutants of a package: what is taken out or changed, also where a draft is half drawn."""

from __future__ import annotations

import pytest

import handlers
from service.catalog import Package
from tests.mutants import MutatedPiece, changed, content_mutants, taken_out_mutants
from tests.scenarios.mutants import package_of

FORM = "processes/lakeside/star_award/forms/apply.json"
DIAGRAM = "processes/lakeside/star_award/application.bpmn"


@pytest.fixture(scope="module")
def package() -> Package:
    """The worked example of the manual."""
    handlers.load()
    return package_of("lakeside/star_award")


def test_an_element_taken_out_leaves_the_way_behind_it(package: Package) -> None:
    """What led to the task leads on to what followed it, and its boundary events go with it."""
    mutant = taken_out_mutants(package)["lakeside_application/decide"]
    assert (mutant.piece, mutant.clauses) == (MutatedPiece.ELEMENT, ("LS-4",))
    assert mutant.told.zh.startswith("拿掉“")
    before, after = package.diagram("lakeside_application"), changed(package, [mutant]).diagram("lakeside_application")
    assert "decide" in before.elements
    assert "decide" not in after.elements
    ends = {end for flow in after.flows.values() for end in (flow.source, flow.target)}
    assert ends <= after.elements.keys()


def test_every_change_is_told_in_both_languages(package: Package) -> None:
    for mutant in content_mutants(package).values():
        assert mutant.told.zh != mutant.told.en
        assert changed(package, [mutant]) is not package


def test_a_draft_that_is_half_drawn_has_mutants_all_the_same(package: Package) -> None:
    """A form that is no JSON yet is left out, a flow from nowhere is called by its id."""
    files = dict(package.files)
    files[FORM] = b"{"
    files[DIAGRAM] = files[DIAGRAM].replace(b'sourceRef="is_eligible"', b'sourceRef="gone"')
    found = content_mutants(Package.from_files(files, package.operations))
    assert "eligibility/founded_long_enough dropped" in found
    assert not any(ident.startswith("apply/") for ident in found)
