"""A compiled form, ready to check submissions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from service.domain.forms.check import FormCheck, check_state
from service.domain.forms.chosen import ChosenWords, fill_alike, fix_options, has_computed_options, list_chosen_words
from service.domain.forms.correction import shut_but
from service.domain.forms.describe import FieldInfo, blank_values, field_infos, variable_types
from service.domain.forms.html import FileLookup, Posted, added_row, changes_rows, is_edit, normal_wanted, read_html
from service.domain.forms.limits import options_of
from service.domain.forms.model import (
    FormNode,
    FormRule,
    Group,
    Input,
    InputType,
    Rows,
    Values,
    format_dotted_path,
    key_of,
    same_object,
)
from service.domain.forms.names import asks_for_colleague, with_names
from service.domain.forms.normal import fill_normal
from service.domain.forms.sendable import list_outside_values, select_values
from service.domain.forms.state import State, compute_state
from service.domain.text import Text

_FINDING_TYPES = frozenset({InputType.RADIO, InputType.CHECKBOX})
"""Fields that state a finding or confirm something, whatever reads them."""
_READ = frozenset({InputType.SELECT, InputType.CHECKLIST, InputType.TAGLIST, InputType.NUMBER})
"""Fields that decide where a condition reads them, and describe otherwise."""

IsRead = Callable[[tuple[str, ...]], bool]
"""Says whether a condition reads the value at a path, which names no rows."""


def undecided(
    nodes: tuple[FormNode, ...], values: Mapping[str, object], is_read: IsRead
) -> tuple[dict[str, object], frozenset[str]]:
    """Return ``values`` without the findings, confirmations and figures that decide, and the paths of these fields.

    The long texts after them, or beside them in a group, state their grounds and go with them. Other texts, days and
    files stay, and so does what only the program fills in (read-only, disabled and computed fields). In lists the rows
    stay, each without what decides in it; their fields are not among the paths.
    """
    blanked: set[str] = set()
    kept, _ = _without(nodes, values, is_read, (), blanked, after=False)
    return kept, frozenset(blanked)


def _without(
    nodes: tuple[FormNode, ...],
    values: Mapping[str, object],
    is_read: IsRead,
    path: tuple[str, ...],
    blanked: set[str],
    *,
    after: bool,
) -> tuple[dict[str, object], bool]:
    """Return what is kept of ``values``, and whether anything was decided up to its end; ``after`` is whether before."""
    kept = dict(values)
    for node in same_object(nodes):
        here, held = (*path, key_of(node)), values.get(key_of(node))
        if isinstance(node, Group) and isinstance(held, Mapping):
            after = after or any(_has_decided(one, here, held, is_read) for one in node.children)
            kept[here[-1]], after = _without(node.children, held, is_read, here, blanked, after=after)
        elif isinstance(node, Rows) and isinstance(held, list):
            rows = (row if isinstance(row, Mapping) else {} for row in held)
            kept[here[-1]] = [_without(node.children, row, is_read, here, set(), after=False)[0] for row in rows]
        elif _has_decided(node, path, values, is_read) or (after and held is not None and _states_grounds(node)):
            after = True
            del kept[here[-1]]
            blanked.add(format_dotted_path(here))
    return kept, after


def _has_decided(node: FormNode, path: tuple[str, ...], values: Mapping[str, object], is_read: IsRead) -> bool:
    return isinstance(node, Input) and values.get(node.key) is not None and _decides(node, (*path, node.key), is_read)


def _states_grounds(node: FormNode) -> bool:
    return (
        isinstance(node, Input)
        and node.type is InputType.TEXTAREA
        and node.readonly is False
        and node.disabled is False
    )


def _decides(node: Input, path: tuple[str, ...], is_read: IsRead) -> bool:
    if node.readonly is not False or node.disabled is not False:
        return False
    return node.type in _FINDING_TYPES or (node.type in _READ and (node.normal is not None or is_read(path)))


Derived = TypeVar("Derived")


def _unknown_file(ident: str) -> Mapping[str, object]:
    return {"id": ident, "name": ident, "size": 0}


@dataclass(frozen=True, slots=True)
class Form:
    """One form. It has no state and may be shared; what is entered goes in, what is kept comes out.

    ``corrects`` names the form whose correction this one asks for; ``asks_correction`` says that a choice of this one leads
    to such a request (补正), so that nobody sends the task back for it.
    """

    id: str
    title: Text
    nodes: tuple[FormNode, ...]
    rules: tuple[FormRule, ...] = ()
    clauses: tuple[str, ...] = ()
    corrects: str = ""
    asks_correction: bool = False
    _derived: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def derived(self, what: str, work_out: Callable[[], Derived]) -> Derived:
        """Return what ``work_out`` makes of this form alone, known as ``what``: a form never changes, so once.

        It is kept as long as the form is; ``what`` is a name in the program, so there are as many as callers.
        """
        result: Derived | None = self._derived.get(what)
        if result is None:
            result = self._derived[what] = work_out()
        return result

    def check(
        self,
        submission: Mapping[str, object],
        *,
        today: date,
        stored: Mapping[str, object] | None = None,
        withheld: Collection[str] = (),
    ) -> FormCheck:
        """Check a submission (JSON or ``from_html``) and return what is kept of it.

        Computed fields are recomputed, hidden ones dropped, read-only and disabled ones taken from ``stored``, as
        are the ``withheld`` fields (those this person may not see, by ``FieldInfo.path``). Unknown keys are errors.
        In the values, whole numbers are int, other numbers decimal strings, dates and times ISO text, uploads lists
        of ``{id, name, size}``; fields left blank are None. That a file id belongs to this person is the caller's to
        check. ``stored`` also serves the outside names that the form declares in ``variables``.
        """
        return check_state(
            self.nodes, self.rules, self.state(submission, today=today, stored=stored, withheld=withheld)
        )

    def state(
        self,
        submission: Mapping[str, object],
        *,
        today: date,
        stored: Mapping[str, object] | None = None,
        withheld: Collection[str] = (),
    ) -> State:
        """Return what is computed, hidden and locked with these values; what cannot be read counts as null."""
        return compute_state(self.nodes, submission, stored or {}, today, frozenset(withheld))

    def list_chosen_words(self, state: State) -> dict[str, list[dict[str, str]]]:
        """Return the words of what is chosen among options that a formula gave, by ``FieldInfo.path``."""
        if not self.derived("has computed options", lambda: (has_computed_options(self.nodes),))[0]:
            return {}
        return list_chosen_words(self.nodes, state)

    def with_alike(
        self, values: Mapping[str, object], *, today: date, stored: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """Return ``values`` with blank choices filled in that offer what another field chose, as the authority of a place."""
        return fill_alike(self.nodes, self.state(values, today=today, stored=stored), values)

    def with_chosen(self, words: ChosenWords) -> Form:
        """Return the form in which what was submitted reads as it was chosen (``list_chosen_words``)."""
        return replace(self, nodes=fix_options(self.nodes, words)) if words else self

    def shut_but(
        self,
        named: Collection[str],
        values: Mapping[str, object],
        *,
        today: date,
        stored: Mapping[str, object] | None = None,
    ) -> frozenset[str]:
        """Return the ``withheld`` of a submission in which only the ``named`` groups, lists and fields may change."""
        return shut_but(self.nodes, self.state(values, today=today, stored=stored), named)

    def fields(self) -> tuple[FieldInfo, ...]:
        """Return every field in the order of the page."""
        return self.derived("fields", lambda: tuple(field_infos(self.nodes)))

    def fields_of(self, known: Mapping[str, object], today: date) -> tuple[FieldInfo, ...]:
        """Return every field with the options that formulas give from what is ``known`` outside the form."""
        scope = self.state({}, today=today, stored=known).scope()
        return tuple(field_infos(self.nodes, options_of=lambda node: options_of(node, scope, today)))

    def split_values(
        self,
        values: Mapping[str, object],
        *,
        today: date,
        stored: Mapping[str, object],
        withheld: Collection[str] = (),
    ) -> tuple[Values, Values]:
        """Return what programs send of ``values``, and what they need besides to reckon the conditions of fields.

        The latter are what the program fills in, and what conditions read from outside the form.
        """
        state = self.state(values, today=today, stored=stored, withheld=withheld)
        asked = select_values(self.nodes, state, values, state.values, asked=True)
        filled = select_values(self.nodes, state, stored, state.values, asked=False)
        own = self.variables()
        return asked, filled | list_outside_values(self.nodes, {k: v for k, v in stored.items() if k not in own})

    def variables(self) -> Mapping[str, str]:
        """Return the FEEL type of every top-level variable, such as ``list<context<year: number>>``."""
        return self.derived("variables", lambda: variable_types(self.nodes))

    def blank(self) -> dict[str, object]:
        """Return the values a new form starts with."""
        return blank_values(self.nodes)

    def staff_defaults(self) -> dict[str, object]:
        """Return the defaults of the fields that are asked of staff alone, by key."""
        return {node.key: node.default for node in self.nodes if isinstance(node, Input) and node.staff}

    def staff_answers(self) -> dict[str, object]:
        """Return by key what those fields begin with for staff: of two options the one that is not the default, else None."""
        answers: dict[str, object] = dict.fromkeys(self.staff_defaults())
        for node in self.nodes:
            if isinstance(node, Input) and node.key in answers and isinstance(node.options, tuple):
                others = [option.value for option in node.options if option.value != node.default]
                answers[node.key] = others[0] if len(others) == 1 else None
        return answers

    def from_html(self, posted: Posted, find_file: FileLookup = _unknown_file) -> dict[str, object]:
        """Return the submission in a plain HTML post; ``_add=staff`` and ``_remove=staff.1`` change rows and files.

        A post carries only the ids of uploaded files; ``find_file`` gives ``{id, name, size}`` of those this person
        may use. Files that came along in the post itself (no JavaScript) are the caller's to store and add.
        """
        return read_html(self.nodes, posted, find_file)

    def with_normal(
        self,
        values: Mapping[str, object],
        posted: Posted,
        *,
        today: date,
        stored: Mapping[str, object],
        former: Mapping[str, object] | None = None,
        against: Collection[str] = (),
    ) -> dict[str, object]:
        """Return the values of a post; where its button says so, with blank findings filled in as normal.

        What was found to be otherwise in the round before (``former``), and the fields at the paths in ``against``, stay
        blank.
        """
        within = normal_wanted(posted)
        if within is None:
            return dict(values)
        return fill_normal(self.nodes, self.state(values, today=today, stored=stored), values, within, former, against)

    @property
    def asks_for_colleague(self) -> bool:
        """Whether it asks for the name of a colleague of whoever fills it in."""
        return asks_for_colleague(self.nodes)

    def with_names(self, values: Mapping[str, object], reader: str, colleagues: Sequence[str]) -> dict[str, object]:
        """Return first values with the reader's name, and that of an only colleague, where the form asks for them."""
        return with_names(self.nodes, values, reader, colleagues)

    def undecided(self, values: Mapping[str, object], is_read: IsRead) -> tuple[dict[str, object], frozenset[str]]:
        """Return an earlier submission as first values of another round: what decides is blank again.

        ``is_read`` says which paths conditions read; the second are the paths of the fields that are blank now.
        """
        return undecided(self.nodes, values, is_read)

    def added_row(self, values: Mapping[str, object], posted: Posted) -> str | None:
        """Return the path of the row that a button of the post added, such as ``finance.3``."""
        return added_row(values, posted)

    @property
    def guarded_paths(self) -> frozenset[str]:
        """The paths of personal and secret fields."""
        return self.derived("guarded", lambda: frozenset(i.path for i in self.fields() if i.personal or i.secret))

    def is_edit(self, posted: Posted) -> bool:
        """Return whether a post only asks to see the form again: rows changed, or ``_refresh``."""
        return is_edit(posted)

    def changes_rows(self, posted: Posted) -> bool:
        """Return whether a post adds or removes rows or files, or fills in what is normal."""
        return changes_rows(posted)
