"""The stages an applicant sees: the calls of the outer diagram along its main path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.mainpath import main_path
from service.catalog.bpmn.model import Diagram, Kind


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the id and name of its call activity and the process it runs."""

    id: str
    name: str
    process_id: str


def stages_of(diagram: Diagram) -> tuple[Stage, ...]:
    """Return the call activities on the main path of ``diagram``, in order."""
    on_path = (diagram.elements[ident] for ident in main_path(diagram))
    return tuple(Stage(e.id, e.name, e.called) for e in on_path if e.kind is Kind.CALL)


def outer_process(processes: Mapping[str, ProcessInfo]) -> str:
    """Return the key of the kind of case that organisations start."""
    if "application" in processes:
        return "application"
    keys = [key for key, process in processes.items() if process.one_per_subject]
    return next(iter(keys or processes), "")


def round_kind(processes: Mapping[str, ProcessInfo]) -> str:
    """Return the kind of case that a round is: what the cases of organisations stand below."""
    inner = outer_process(processes)
    return processes[inner].parent or inner
