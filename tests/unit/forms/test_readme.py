"""The example of forms/README.md is a form."""

import json
from pathlib import Path

from service.domain.forms import compile_form

README = Path(__file__).parents[3] / "forms" / "README.md"


def test_the_example_compiles() -> None:
    _, _, rest = README.read_text("utf-8").partition("```json\n")
    form = compile_form(json.loads(rest.partition("```")[0]))
    assert (form.id, len(form.nodes), len(form.rules)) == ("accept", 5, 1)
