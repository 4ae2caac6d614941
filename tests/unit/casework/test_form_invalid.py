"""What a form says that breaks a rule."""

from __future__ import annotations

from service.casework.step.submission import FormInvalid
from service.domain.forms import FieldError
from service.domain.text import Text


def test_one_mistake_is_told_as_one() -> None:
    wrong = FieldError("name", Text("名称", "Name"), Text("必填", "required"))
    assert FormInvalid([wrong], {}).message.en == "1 entry needs correction; what you typed is kept."
    assert FormInvalid([wrong, wrong], {}).message.en == "2 entries need correction; what you typed is kept."
