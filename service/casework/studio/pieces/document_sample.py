"""What a document is filled from while it is written: the record of the moment at which a scenario issues it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.handler_services.documents import DocumentPort
from service.casework.handler_services.work import OperationContext
from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.follower import Follower
from service.casework.simulate.stage.stage import PlayState
from service.casework.step.step import Step
from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, scenario_files, workshop_of
from service.catalog import DocumentTemplate, Package
from service.catalog.pieces.piece_kinds import PieceKind, kind_of
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.engine import Environment, ServiceCall

_MOST = 16
_TRIED = 4
"""Seasons that are played in search of one that issues the document, after those that expect it."""


@dataclass(frozen=True, slots=True)
class DocumentSample:
    """The record at the moment of issue: what formulas read, the day, what was attached, and the scenario's title."""

    title: Text
    day: date
    names: Mapping[str, Any]
    extra: Mapping[str, Any]
    environment: Environment
    attached: Sequence[Mapping[str, Any]]


class _Found(Exception):
    """The document was issued: nothing more need be played."""


class _Watch(Follower):
    """Looks on while a scenario is played until document ``ident`` is issued."""

    def __init__(self, ident: str, title: Text) -> None:
        self.ident, self.title = ident, title
        self.sample: DocumentSample | None = None

    def before(self, stage: PlayState, move: Move) -> None:  # noqa: ARG002  the first step is as good as any
        """Look on at every document from here on."""
        if stage.desk.services is OperationContext:
            stage.desk = replace(stage.desk, services=self._services)

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:  # noqa: ARG002
        """End the play once the document was issued."""
        if self.sample is not None:
            raise _Found

    def _services(self, step: Any, call: ServiceCall) -> OperationContext:
        context = OperationContext(step, call)
        context.documents = _WatchedPort(step, context.element, call)
        context.documents.watch = self
        return context


class _WatchedPort(DocumentPort):
    """Issues documents and keeps what the first one that is watched for was filled from."""

    watch: _Watch

    def write(self, source: DocumentTemplate, scope: Mapping[str, Any]) -> dict[str, Any]:
        """Return the text of the document."""
        content = super().write(source, scope)
        if source.id == self.watch.ident and self.watch.sample is None:
            self.watch.sample = _kept(self._step, self.watch.title, scope, content["attachments"])
        return content


_SAMPLES: OrderedDict[object, DocumentSample | None] = OrderedDict()
_LOCK = Lock()


def document_sample(desk: Desk, tree: DraftTree, ident: str) -> DocumentSample | None:
    """Return what document ``ident`` is filled from, None where no scenario of the draft issues it; found once."""
    others = frozenset((p, data) for p, data in tree.files.items() if kind_of(p) is not PieceKind.DOCUMENT)
    key = (tree.package.key, ident, others)
    with _LOCK:
        if key in _SAMPLES:
            return _SAMPLES[key]
    found = _searched(desk, tree, ident)
    with _LOCK:
        _SAMPLES[key] = found
        while len(_SAMPLES) > _MOST:
            _SAMPLES.popitem(last=False)
    return found


def _searched(desk: Desk, tree: DraftTree, ident: str) -> DocumentSample | None:
    files = [file for file in scenario_files(tree.filled, tree.package.key) if file.scenario is not None]
    expected = [file for file in files if ident.encode() in tree.filled[file.path]]
    longest = sorted(files, key=lambda file: -len(tree.filled[file.path]))
    tried = [*expected, *(file for file in longest if file not in expected)][: len(expected) + _TRIED]
    for file in tried:
        sample = _played(desk, tree.package, file, ident)
        if sample is not None:
            return sample
    return None


def _played(desk: Desk, package: Package, file: ScenarioFile, ident: str) -> DocumentSample | None:
    assert file.scenario is not None
    watch = _Watch(ident, Text(f"情景“{file.title}”", f"the scenario “{file.title}”"))
    with suppress(_Found, LaurelError), empty_store() as store:
        workshop = workshop_of(package)
        play(
            store, package, file.scenario, desk.calendars, desk.operations,
            past_refusals=True, follower=watch, workshop=workshop,
        )  # fmt: skip
    return watch.sample


def _kept(step: Step, title: Text, extra: Mapping[str, Any], attached: Sequence[Mapping[str, Any]]) -> DocumentSample:
    """Return everything that formulas could read at this moment, read out of the store."""
    names = {name: step.scope[name] for name in step.scope}
    frozen = {name: names[name] for name in ("param", "case")}
    environment = Environment(step.now, step.environment.calendar, frozen, step.environment.counting)
    return DocumentSample(title, step.today, names, dict(extra), environment, list(attached))
