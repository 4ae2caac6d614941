"""Play scenarios of a draft, each as a part of a job, and keep what it came to."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from service.casework.desk.desk import Desk
from service.casework.simulate.expecting.known_words import demand_known, demand_readable
from service.casework.simulate.playing.scenario_result import ScenarioResult, play_for_result
from service.casework.simulate.scenarios.scenario import Scenario, ScenarioMistake, read_scenario
from service.casework.simulate.stage.stage import Workshop, empty_store
from service.casework.studio.drafts.draft_tree import hash_of, tree_of
from service.casework.studio.jobs import JobPart
from service.catalog import Package
from service.catalog.names.page_names import said_on_pages
from service.catalog.played_version import played_version
from service.catalog.tree import Files, below, stem
from service.domain.text import Text
from service.store.models import ScenarioResultRow, StudioJobRow

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario of a draft; ``trouble`` says why it cannot be read, and ``scenario`` is None then."""

    path: str
    name: str
    hash: str
    scenario: Scenario | None
    trouble: Text | None = None

    @property
    def title(self) -> str:
        """Its title, its file name where it cannot be read."""
        return self.scenario.title if self.scenario else self.name


def scenario_files(tree: Files, key: str) -> tuple[ScenarioFile, ...]:
    """Return the scenarios of package ``key`` in a draft's tree, by name; those that cannot be read too."""
    return tuple(read_file(tree, path) for path in below(tree, f"processes/{key}/scenarios", ".yaml"))


def read_file(tree: Files, path: str) -> ScenarioFile:
    """Return the scenario at ``path``."""
    mark = hash_of(tree[path])
    try:
        return ScenarioFile(path, stem(path), mark, read_scenario(tree[path], stem(path)))
    except ScenarioMistake as mistake:
        return ScenarioFile(path, stem(path), mark, None, mistake.message)


def play_part(desk: Desk, row: StudioJobRow) -> JobPart:
    """Play the next scenario of a job on the draft as it is; one that the draft lost meanwhile is passed over."""
    files, number = row.asked["files"], row.done
    with desk.store.read() as tx:
        tree = tree_of(desk, tx, row.draft_id)
    after = label_of(tree.filled, files, number + 1)
    if files[number] not in tree.filled:
        return JobPart(lambda _tx: None, after)
    file = read_file(tree.filled, files[number])
    result = play_one(desk, tree.package, file, propose=len(files) == 1)
    unmet = [*(line.words for line in result.unmet), *([result.stopped_by] if result.stopped_by else [])]
    kept = ScenarioResultRow(
        draft_id=row.draft_id,
        path=file.path,
        revision=tree.revision,
        version=played_version(tree.package),
        hash=file.hash,
        passed=result.passed,
        unmet=[words.as_json() for words in unmet],
        content=pack_result(result),
        at=desk.clock.now(),
    )
    return JobPart(lambda tx: tx.studio_jobs.keep_result(kept), after)


def label_of(tree: Files, files: Sequence[str], number: int) -> Text:
    """Return what is said while the scenario with this number of ``files`` is played; nothing behind the last."""
    if number >= len(files):
        return Text("", "")
    path = files[number]
    title = read_file(tree, path).title if path in tree else stem(path)
    return Text(f"{number + 1}/{len(files)} {title}", f"{number + 1}/{len(files)} {title}")


def play_one(desk: Desk, package: Package, file: ScenarioFile, *, propose: bool = False) -> ScenarioResult:
    """Play one scenario on a database in memory that lives as long as the play."""
    if file.scenario is None:
        return _unplayable(file, file.trouble or Text("", ""))
    try:
        demand_readable(package)
        demand_known(package, file.scenario)
    except ScenarioMistake as mistake:
        return _unplayable(file, mistake.message)
    return play_scenario(desk, package, file.scenario, propose=propose)


def play_scenario(desk: Desk, package: Package, scenario: Scenario, *, propose: bool = False) -> ScenarioResult:
    """Play ``scenario`` of ``package`` on a database in memory."""
    with empty_store() as store:
        result = play_for_result(
            store,
            package,
            scenario,
            desk.calendars,
            desk.operations,
            workshop=workshop_of(package),
            propose=propose,
            now=monotonic,
        )
    return _on_pages(package, result)


def pack_result(result: ScenarioResult) -> bytes:
    """Return what a scenario came to as it is kept: compressed JSON."""
    return zlib.compress(_adapter().dump_json(result))


def unpack_result(content: bytes) -> ScenarioResult | None:
    """Return the inverse of `pack_result`; None where a program that had other results kept it."""
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(zlib.decompress(content))
    except ValidationError:
        return None


@cache
def _adapter() -> TypeAdapter[ScenarioResult]:
    from pydantic import TypeAdapter  # six megabytes, which a service without designers does without

    return TypeAdapter(ScenarioResult)


def _on_pages(package: Package, result: ScenarioResult) -> ScenarioResult:
    """Return ``result`` with pages of the studio where what the program said while it played names files."""

    def told(said: tuple[Text, ...]) -> tuple[Text, ...]:
        return tuple(said_on_pages(package, one) for one in said)

    lines = tuple(replace(line, messages=told(line.messages)) if line.messages else line for line in result.lines)
    stopped = said_on_pages(package, result.stopped_by) if result.stopped_by else None
    return replace(result, lines=lines, incidents=told(result.incidents), stopped_by=stopped)


_MOST_WORKSHOPS = 4
_WORKSHOPS: OrderedDict[str, Workshop] = OrderedDict()
_LOCK = Lock()


def workshop_of(package: Package) -> Workshop:
    """Return what plays of one version share; drafts have many versions, so only the newest few are kept."""
    with _LOCK:
        found = _WORKSHOPS.pop(package.version, None) or Workshop()
        _WORKSHOPS[package.version] = found
        while len(_WORKSHOPS) > _MOST_WORKSHOPS:
            _WORKSHOPS.popitem(last=False)
        return found


def _unplayable(file: ScenarioFile, why: Text) -> ScenarioResult:
    return ScenarioResult(file.name, file.title, (), (), False, None, frozenset(), 0.0, why)
