"""Errors of forms and of submissions."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.errors import LaurelError
from service.domain.text import Text

_UNNAMED = Text("", "")


class FormRefused(LaurelError):
    """A form that the server cannot check fully; names the component, the reason and the remedy; ``told`` is without the last."""

    code = "form_refused"

    def __init__(self, component: str, reason: Text, remedy: Text) -> None:
        self.component, self.reason, self.remedy = component, reason, remedy
        self.told = Text(f"表单组件“{component}”：{reason.zh}。", f"Form component {component!r}: {reason.en}.")
        super().__init__(Text(f"{self.told.zh}{remedy.zh}。", f"{self.told.en} {remedy.en}."))


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one value: ``path`` as in HTML names (``finance.0.revenue``), "" for the whole form.

    ``part`` is the label of the group with an object of its own in which the field stands, whose fields are called alike
    in every such group, as those of the items of a score sheet; or of the list in a row of which it stands. ``whole``: a
    rule of the form or of a group is broken; the path then only leads to the field to change first. ``refused``: what was
    entered in a field cannot stay as it is; else something is missing.
    """

    path: str
    label: Text
    text: Text
    part: Text = _UNNAMED
    whole: bool = False
    refused: bool = False

    @property
    def code(self) -> str:
        """What programs tell errors apart by."""
        return "rule" if self.whole else "wrong" if self.refused else "missing"
