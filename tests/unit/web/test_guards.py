"""Every route and every use case names its guard; the table of permissions is what the guards say."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import service.casework
from service.casework.access import guards
from service.casework.access.actions import Who
from service.casework.access.actor import SYSTEM, THREE_OFFICES, Actor
from service.casework.access.guards import GUARDED, GUARDS, SignInNeeded, guarded
from service.casework.access.permissions import KINDS, Permission, as_markdown, build_permission_matrix
from service.casework.access.sign_in_proof import ProofNeeded, set_stale
from service.casework.ballots.cast_vote import cast_vote
from service.casework.tasks.claim import claim_task
from service.domain.errors import NotAllowed
from service.web.api.blueprint import API
from service.web.app_factory import PLACES, find_blueprints
from tests.support.tables import rows

OFFICES = THREE_OFFICES
SYSTEM_OFFICE, SECURITY_OFFICE, AUDIT_OFFICE = ({office} for office in OFFICES)
NOBODY: set[str] = set()
OVERSIGHT = {
    "case.view", "case.export", "rating.view", "task.view", "task.urge", "note.read", "note.export", "note.write", "upload.read",
    "upload.download", "upload.stop", "page_note.keep",
    "document.read", "personal.reveal", "applicants.export", "board.view", "clauses.export", "scores.export", "ballot.view",
    "ballot.void", "ballot.repeat", "experts.view", "review.view", "sitting.view", "monitor.view",
    "audit.verify", "calendar.foresee", "experts.export",
}  # fmt: skip
REPAIR = {
    "date.confirm", "case.suspend", "case.intervene", "case.terminate", "case.message", "case.value",
    "due.change", "task.reassign", "step.restart", "token.move", "calendar.correct",
    "hold.resume", "archive.make", "retention.erase", "health.view", "incident.retry",
    "incident.skip", "incident.hand_over", "people.manage", "people.export", "draft.edit", "calendar.propose",
    "person_data.export",
}  # fmt: skip
POLICY = {
    "retention.change", "settings.change", "amendment.apply", "draft.review", "draft.publish", "calendar.decide",
    "definition.publish",
}  # fmt: skip
TOGETHER = {
    "retention.view", "people.view", "rights.change", "rights.decide", "law.study", "amendment.preview", "draft.view",
}  # fmt: skip
UNDIVIDED = {"experts.manage", "offices.make"}
"""What the administrator who holds all three offices may, but none of the three."""

DOCS = Path(__file__).parents[3] / "docs" / "permissions.md"

BEFORE_ANYBODY_IS_KNOWN = set(rows("guards", "before_anybody_is_known"))
"""What runs before it is known who asks, for whoever holds the session's token, or for a command on the machine."""


def casework_modules():
    for info in pkgutil.walk_packages(service.casework.__path__, "service.casework."):
        yield importlib.import_module(info.name)


def use_cases():
    """Public functions of casework that a route can call: they take the desk and an actor, and open their own unit of work."""
    for module in casework_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            parameters = inspect.signature(function).parameters
            if list(parameters)[:1] == ["desk"] and "tx" not in parameters and "step" not in parameters:
                yield f"{module.__name__}.{name}", parameters


def test_every_use_case_that_somebody_calls_names_its_guard() -> None:
    for name, parameters in use_cases():
        if "actor" in parameters:
            assert name in GUARDED, name


def test_what_takes_no_actor_is_known_by_name() -> None:
    opened = {n for n, p in use_cases() if "actor" not in p and n.startswith("service.casework.people")}
    assert opened == BEFORE_ANYBODY_IS_KNOWN


def test_every_route_names_its_guard(tmp_path: Path) -> None:
    from flask import Flask

    app = Flask("routes", static_folder=None)
    for blueprint in (API, *find_blueprints(*PLACES, "demo")):
        app.register_blueprint(blueprint)
    assert [e for e, view in app.view_functions.items() if not hasattr(view, "guard")] == []
    assert len(app.view_functions) > 60


def test_the_page_of_permissions_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == as_markdown(), (
        "python -m service.casework.access.permissions > docs/permissions.md"
    )


def test_a_guard_lets_in_on_any_of_its_grounds_and_refuses_with_a_sentence() -> None:
    applicant = next(k.typical for k in KINDS if k.key == "applicant")
    GUARDS["task.list"].demand(applicant)
    with pytest.raises(NotAllowed, match="管理员"):
        GUARDS["case.suspend"].demand(applicant)
    with pytest.raises(SignInNeeded, match="登录"):
        GUARDS["task.list"].demand(Actor(None, "访客"))
    GUARDS["work.run"].demand(SYSTEM)


def test_only_the_system_runs_background_work_and_only_administrators_repair() -> None:
    table = {
        row.guard.action: dict(zip((k.key for k in KINDS), row.cells, strict=True)) for row in build_permission_matrix()
    }
    assert set(table["work.run"].values()) == {Permission.NO}
    assert {kind for kind, cell in table["incident.retry"].items() if cell is not Permission.NO} == {
        "administrator", "system_administrator"
    }  # fmt: skip
    assert {kind for kind, cell in table["portal.view"].items()} == {k.key for k in KINDS}
    assert table["task.complete"] == {
        "citizen": Permission.NO, "designer": Permission.NO, **dict.fromkeys((*OFFICES, "administrator"), Permission.NO),
        **dict.fromkeys(("applicant", "authority", "department", "committee", "office", "supervisor", "government"), Permission.OWN),
    }  # fmt: skip


def test_three_administrators_share_what_one_may_and_neither_has_the_others() -> None:
    """Every action, cell by cell: what is not open to everybody signed in belongs to exactly the offices named here."""
    everybody = {Who.ANYBODY, Who.PERSON}
    for row in build_permission_matrix():
        action, cells = row.guard.action, dict(zip((k.key for k in KINDS), row.cells, strict=True))
        if everybody.intersection(row.guard.who):
            continue
        expected = (
            SYSTEM_OFFICE if action in OVERSIGHT | REPAIR
            else SECURITY_OFFICE if action in POLICY
            else SYSTEM_OFFICE | SECURITY_OFFICE if action in TOGETHER
            else AUDIT_OFFICE if action in ("book.read", "book.export")
            else SECURITY_OFFICE | AUDIT_OFFICE if action in ("records.view", "records.ask")
            else set(OFFICES) if action in ("permissions.view", "dengbao.view")
            else NOBODY
        )  # fmt: skip
        assert {office for office in OFFICES if cells[office] is Permission.YES} == expected, action
        assert (cells["administrator"] is Permission.YES) == (bool(expected) or action in UNDIVIDED), action


def test_a_guard_in_one_jurisdiction_does_not_hold_in_another() -> None:
    seat = next(k.typical.seats[0] for k in KINDS if k.key == "office")
    here = Actor(1, "甲", (type(seat)("ganzhou", seat.role, 1, "office", "办公室", "office"),))
    assert GUARDS["notice.correct"].admits(here, "ganzhou")
    assert not GUARDS["notice.correct"].admits(here, "urumqi")


def test_a_guarded_use_case_asks_before_it_reads_anything() -> None:
    with pytest.raises(SignInNeeded):
        claim_task(None, Actor(None, "访客"), 1)  # type: ignore[arg-type]


def test_a_guarded_use_case_asks_for_a_fresh_proof() -> None:
    member = next(k.typical for k in KINDS if k.key == "committee")
    set_stale(True)
    try:
        with pytest.raises(ProofNeeded):
            cast_vote(None, member, 1, {})  # type: ignore[arg-type]
    finally:
        set_stale(False)


def test_a_guarded_use_case_needs_an_actor_and_a_known_action() -> None:
    with pytest.raises(TypeError):
        guarded("task.list")(lambda desk: desk)
    with pytest.raises(KeyError):
        guarded("nothing.known")
    assert guards.GUARDS.keys() == {row.guard.action for row in build_permission_matrix()}
