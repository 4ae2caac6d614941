"""An award: its tiers, processes, actions and parameters (award.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from service.catalog.parameters.counting import time_settings
from service.catalog.parameters.parameters import Parameter
from service.catalog.source.fields import Fields
from service.domain.text import HasName, Text

PUBLIC = "public"
"""In ``started_by`` and in ``roles`` of actions: the public, without an account."""


@dataclass(frozen=True, slots=True)
class Tier(HasName):
    """A tier (类别) of the award."""

    id: str
    text: Text
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessInfo(HasName):
    """A kind of case: which process it runs, who starts it, what it records.

    ``key`` is its name inside the award, ``process`` the BPMN process id, ``parent`` the key of the
    kind of its parent case. ``facts`` maps names to FEEL types. With ``same_subject`` the case is about
    the organisation of the parent case, whoever starts it; ``subject_condition`` asks what is on record of that
    organisation (``register``, and ``earlier``, its ended cases of the kind there) before it starts; one that ``holds``
    counts among the open objections to the parent case; with ``own_values`` it takes the values in force on
    the day it starts, not those the parent case froze.
    """

    key: str
    process: str
    text: Text
    parent: str | None
    started_by: tuple[str, ...]
    start_form: str | None
    start_condition: str | None
    start_refusal: Text | None
    subject_condition: str | None
    subject_refusal: Text | None
    one_per_subject: bool
    same_subject: bool
    holds: bool
    own_values: bool
    title: str
    facts: Mapping[str, str]
    clauses: tuple[str, ...]

    @property
    def public(self) -> bool:
        """Whether the public may start it without an account: an objection, a report."""
        return PUBLIC in self.started_by

    @property
    def holding(self) -> bool:
        """Whether a live case of it holds the case above, and so may keep the one above that waiting."""
        return self.public or self.holds

    @property
    def said_of_refusal(self) -> str:
        """What people read where a condition for starting does not hold, in both languages; braces in it hold FEEL."""
        refusals = [refusal for refusal in (self.start_refusal, self.subject_refusal) if refusal is not None]
        return " ".join(f"{refusal.zh} {refusal.en}" for refusal in refusals)


@dataclass(frozen=True, slots=True)
class Action(HasName):
    """What a person may do outside tasks: a form, and a message to the case."""

    id: str
    process: str
    text: Text
    roles: tuple[str, ...]
    form: str | None
    message: str
    condition: str | None
    refusal: Text | None
    consequence: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Award(HasName):
    """One award of a jurisdiction."""

    id: str
    text: Text
    tiers: tuple[Tier, ...]
    processes: Mapping[str, ProcessInfo]
    actions: Mapping[str, Action]
    parameters: Mapping[str, Parameter]
    clauses: tuple[str, ...]
    time_settings: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """What `counting_of` asks for: looked up once, since every step counts time."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "time_settings", time_settings(self.parameters))

    @property
    def parameter_names(self) -> dict[str, str]:
        """The Chinese names of the parameters, by their ids."""
        return {ident: parameter.text.zh for ident, parameter in self.parameters.items()}


def read_award(fields: Fields, folder: str, parameters: Mapping[str, Parameter]) -> Award:
    """Read award.yaml of ``folder``; its ``parameters`` were read before."""
    ident = fields.text("id")
    if ident and ident != folder:
        message = Text(
            f"id“{ident}”与文件夹名“{folder}”不同。", f"Id “{ident}” differs from the folder's name “{folder}”."
        )
        fields.problem("id", "folder_name", message, Text(f"改为“{folder}”。", f"Change it to “{folder}”."))
    award = Award(
        folder,
        fields.both(),
        tuple(_read_tier(row) for row in fields.rows("tiers", required=True)),
        MappingProxyType({key: _read_process(key, row) for key, row in fields.named("processes", required=True)}),
        MappingProxyType({key: _read_action(key, row) for key, row in fields.named("actions")}),
        MappingProxyType(dict(parameters)),
        fields.texts("clauses"),
    )
    fields.done()
    return award


def _read_tier(fields: Fields) -> Tier:
    tier = Tier(fields.text("id"), fields.both(), fields.texts("clauses"))
    fields.done()
    return tier


def _read_process(key: str, fields: Fields) -> ProcessInfo:
    process = ProcessInfo(
        key=key,
        process=fields.text("process"),
        text=fields.both(),
        parent=fields.optional("parent"),
        started_by=fields.texts("started_by"),
        start_form=fields.optional("start_form"),
        start_condition=fields.optional("start_condition"),
        start_refusal=fields.bilingual("start_refusal"),
        subject_condition=fields.optional("subject_condition"),
        subject_refusal=fields.bilingual("subject_refusal"),
        one_per_subject=fields.flag("one_per_subject"),
        same_subject=fields.flag("same_subject"),
        holds=fields.flag("holds"),
        own_values=fields.flag("own_values"),
        title=fields.text("title", ""),
        facts=MappingProxyType(fields.strings("facts")),
        clauses=fields.texts("clauses"),
    )
    fields.done()
    return process


def _read_action(ident: str, fields: Fields) -> Action:
    action = Action(
        id=ident,
        process=fields.text("process"),
        text=fields.both(),
        roles=fields.texts("roles"),
        form=fields.optional("form"),
        message=fields.text("message"),
        condition=fields.optional("condition"),
        refusal=fields.bilingual("refusal"),
        consequence=fields.text("consequence", ""),
        clauses=fields.texts("clauses"),
    )
    fields.done()
    return action
