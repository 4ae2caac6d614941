"""The presentation of a form: mode, revealed fields, addresses of its buttons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from service.domain.forms.model import Input
from service.domain.text import Text


class Mode(StrEnum):
    """To fill in, to read on the screen, or to print."""

    EDIT = "edit"
    READ = "read"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class FormUrls:
    """Where a form sends what: ``upload`` may hold ``{field}``; ``file`` holds ``{id}`` and shows an uploaded file.

    ``side`` holds ``{id}`` too: it shows those of ``papers`` at the side of the page, which ``swaps`` if it stands there.
    ``faults`` say what is known against files, by their id. ``largest`` are the bytes of the largest file that ``upload``
    takes, where the form allows more; 0: as the form says.
    """

    refresh: str = ""
    upload: str = ""
    file: str = ""
    side: str = ""
    papers: frozenset[str] = frozenset()
    swaps: bool = False
    faults: Mapping[str, Text] = field(default_factory=dict)
    largest: int = 0


Cite = Callable[[Sequence[str]], Markup]
"""Draws the citations of clause ids."""

Line = Callable[[str], str]
"""Says a line that the program wrote, such as a finding, in the reader's language."""

Beside = Callable[[Input], Markup]
"""Draws what is known on a field from elsewhere; nothing where nothing is."""


#: A form that is only read needs no addresses.
NO_URLS = FormUrls()


@dataclass(frozen=True, slots=True)
class Look:
    """Everything about showing a form that is not its values.

    ``reveal`` is True or the ``FieldInfo.path`` of the personal and secret fields this person may see; ``stored`` what
    is kept of read-only fields, and values from outside the form; ``cite`` draws the citations of clause ids;
    ``focus`` is the path of a row that was just added (``Form.added_row``), whose first field takes the focus;
    ``shut`` are fields that stay as they are, ``marked`` the parts of the form that must be corrected; ``apart``
    sets the ids of its elements apart from those of other forms on the page; ``findings`` says that blank findings may
    be filled in at once as normal; ``colleagues`` are names offered where one is asked for; ``beside`` draws what other
    forms and the program say on a field; ``line`` says a line that the program wrote as its reader understands it.
    """

    today: date
    mode: Mode = Mode.EDIT
    urls: FormUrls = NO_URLS
    language: str = "zh"
    reveal: bool | Collection[str] = False
    stored: Mapping[str, object] = field(default_factory=dict)
    cite: Cite | None = None
    focus: str | None = None
    shut: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    apart: str = ""
    findings: bool = False
    colleagues: tuple[str, ...] = ()
    beside: Beside | None = None
    line: Line = str

    def say(self, text: Text) -> str:
        """Return a sentence in the reader's language."""
        return text.pick(self.language)

    def t(self, zh: str, en: str) -> str:
        """Return a sentence in the reader's language; a page says hundreds, most of them in Chinese."""
        return zh if self.language == "zh" else Text(zh, en).pick(self.language)
