"""Put one value for a field into every row of a draft's scenarios that fills in its form and leaves it out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.scenarios.form_rows import RowsFilled, fill_rows
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.drafts.save_files import FileChange, save_files
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, scenario_files
from service.casework.studio.scenarios.scenario_proposals import chosen_lines
from service.catalog import Package
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.forms import FieldInfo, Form, InputType, compile_form
from service.domain.text import Text

_FILE = "file:"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A scenario and what would change in it; ``change`` is None where it does not apply, and ``reason`` says why."""

    path: str
    title: str
    filled: int
    change: FileChange | None
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class EntryProposal:
    """One value for the field ``label`` of a form, scenario by scenario."""

    form: str
    path: str
    label: Text
    lines: tuple[EntryLine, ...]
    mark: str
    """Of what it was made with: the rules, and the scenarios as they were."""

    @property
    def writable(self) -> tuple[EntryLine, ...]:
        """The scenarios in which something would change."""
        return tuple(line for line in self.lines if line.change is not None)


@dataclass(frozen=True, slots=True)
class EntryChoice:
    """What is written of a proposal: the scenarios at ``paths``, as they were when it bore ``mark``."""

    paths: Collection[str]
    mark: str


@guarded("draft.edit")
def propose_entry(desk: Desk, actor: Actor, draft: int, form: str, path: str, value: Any) -> EntryProposal:
    """Return what putting ``value`` at ``path`` of ``form`` would change in each scenario; nothing is written.

    Raises:
        NotFound: there is no such form or field.
        Invalid: the field does not take the value.
    """
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    field = demand_field(tree.package, form, path)
    if value in (None, "", []):
        raise Invalid(
            Text(f"请填写“{field.label.zh}”要填入的内容。", f"Say what “{field.label.en}” is to be filled with.")
        )
    _demand_taken(compile_form(tree.package.form(form)), field, value, desk)
    files = scenario_files(tree.filled, row.package)
    lines = tuple(_line(tree, file, form, path, value) for file in files)
    return EntryProposal(form, path, field.label, lines, _mark(tree, files))


@guarded("draft.edit")
def write_entry(
    desk: Desk, actor: Actor, draft: int, form: str, path: str, value: Any, chosen: EntryChoice
) -> tuple[str, ...]:
    """Write the value into the scenarios that are chosen, all or none; returns what was written.

    Raises as `propose_entry`, and Conflict where rules or scenarios changed since it was shown.
    """
    proposal = propose_entry(desk, actor, draft, form, path, value)
    if proposal.mark != chosen.mark:
        raise Conflict(
            Text(
                "预览之后草稿又改过，没有写入。请重新查看改哪里，再确认。",
                "The draft changed since this was shown; nothing was written. Look again, then confirm.",
            )
        )
    lines = chosen_lines(proposal.writable, chosen.paths)
    changes = [line.change for line in lines if line.change is not None]
    save_files(desk, actor, draft, changes, f"把“{proposal.label.zh}”填入{len(changes)}个情景")
    return tuple(change.path for change in changes)


def _mark(tree: DraftTree, files: Sequence[ScenarioFile]) -> str:
    return hash_of(" ".join([tree.package.version, *(file.hash for file in files)]).encode())


def demand_field(package: Package, form: str, path: str) -> FieldInfo:
    """Return a field of a form that people fill in; raises NotFound."""
    found = None
    if form and "{" not in form and package.has_form(form):
        fields = compile_form(package.form(form)).fields()
        found = next((one for one in fields if one.path == path and one.type is not None), None)
    if found is None:
        raise NotFound(
            Text(f"表单“{form}”没有可以填写的字段“{path}”。", f"Form “{form}” has no field “{path}” to fill in.")
        )
    return found


def _demand_taken(form: Form, field: FieldInfo, value: Any, desk: Desk) -> None:
    """Raise Invalid where the field alone would refuse the value; what other fields decide shows when it is played."""
    if field.type is InputType.UPLOAD:
        if str(value).startswith(_FILE):
            return
        raise Invalid(
            Text(
                f"“{field.label.zh}”是附件，请写成 file:样例.pdf。",
                f"“{field.label.en}” is a file: write file:样例.pdf.",
            )
        )
    submission: Any = value
    for part in reversed(field.path.split(".")):
        submission = {part.removesuffix("[]"): [submission] if part.endswith("[]") else submission}
    found = form.check(submission, today=local_date(desk.clock.now()))
    mine = field.path.replace("[]", ".0")
    for error in found.errors:
        if error.path == mine and not error.whole:
            raise Invalid(
                Text(f"“{field.label.zh}”不能这样填：{error.text.zh}", f"“{field.label.en}”: {error.text.en}")
            )


def _line(tree: DraftTree, file: ScenarioFile, form: str, path: str, value: Any) -> EntryLine:
    if file.scenario is None:
        return EntryLine(file.path, file.title, 0, None, file.trouble)
    before = tree.filled[file.path].decode()
    document = load_yaml(before)
    found = fill_rows(document, tree.package, form, path, value)
    if not found.filled:
        return EntryLine(file.path, file.title, 0, None, _why_not(found))
    after = dump_yaml(document)
    read_scenario(after.encode(), file.path)
    return EntryLine(file.path, file.title, found.filled, FileChange(file.path, before, after))


def _why_not(found: RowsFilled) -> Text:
    if not found.asked:
        return Text("这个情景里没有人填这张表单。", "Nobody fills in this form here.")
    if found.refused:
        return Text("这一步正是要因为它没填而被拒绝，不改。", "The step must be refused just because it is empty.")
    return Text("已经填有，不改。", "It is given already; nothing changes.")
