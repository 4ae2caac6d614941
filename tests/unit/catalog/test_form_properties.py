"""What a form says of itself is read once for a version, and says the same as the form."""

from __future__ import annotations

from tests.support.bundled import bundled

SHEET = "score/gbt19580-2012@1000"


def test_what_a_form_says_of_itself_is_read_once() -> None:
    package = bundled().package("urumqi/quality_award")
    for ident in (*sorted(package.forms)[:5], SHEET):
        assert package.form_properties(ident) == (package.form(ident).get("properties") or {})
    asked: list[str] = []
    package.derived(("form properties", SHEET), lambda: asked.append(SHEET))
    assert asked == []
