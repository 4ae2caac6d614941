"""Make a ballot void that the program has stopped, or whose key is lost, and call it anew: never one that is sound."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.agree_void import agreed_by, sound
from service.casework.ballots.anew import call_anew
from service.casework.ballots.counting import everybody_on_roll
from service.casework.ballots.unsound import unsound
from service.casework.desk.desk import Desk
from service.casework.desk.urns import urns_of
from service.casework.interventions.effect import Effect
from service.casework.interventions.given import day_of, number_of
from service.casework.interventions.intervene import Done, InterventionAsked, intervene
from service.casework.interventions.move_group import move_group, window_until
from service.casework.step.closing_ballots import ballots_closing
from service.casework.step.fill import in_words
from service.casework.step.limit_group import group_of
from service.casework.step.notify_moved_dates import notify_moved_dates
from service.casework.step.post import leading, queue_to
from service.casework.step.step import Step
from service.casework.step.time_limits import last_day_before
from service.domain.calendar.dates import full
from service.domain.errors import Conflict, LaurelError
from service.domain.text import Text
from service.store import KeyFolderGone, Unreachable
from service.store.rows import BallotRow, PersonRow

_BALLOT = Text("表决", "the ballot")


@guarded("ballot.void")
def void_stopped_ballot(
    desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]
) -> Effect:
    """Make a ballot void and open one in its place: same question, same roll; its members are told and its keys destroyed.

    ``given``: ballot; day, the last day of the new one where that is to be later.

    Raises:
        Conflict: nothing is wrong with it, nobody who watches over it agreed, or the day is sooner than the old one.
        RecordsAltered: what is recorded of it was changed; that is put back first.
        KeyFolderGone: the keys of the new one cannot be made.
    """
    made: list[str] = []

    def change(step: Step) -> Done:
        row = _chosen(step, number_of(given, "ballot", _BALLOT))
        refusal = void_refusal(step, row)
        if refusal:
            raise Conflict(refusal)
        code_and_words, agreed = unsound(desk, step.tx, row), agreed_by(row)
        assert code_and_words is not None
        assert agreed is not None
        second, found = step.tx.people.person(agreed), code_and_words[1]
        members = everybody_on_roll(step, row)
        anew = call_anew(step, row, f"{found.zh}，经{second.name}同意作废并重新发起")
        made.append(step.tx.ballots.get(anew).box)
        if str(given.get("day") or "").strip():
            _move(step, anew, given, found)
        _tell_members(step, row, anew, members, found)
        for incident in step.tx.incidents.of_case(case_id):
            if incident.engine_id == f"ballot:{row.id}" and incident.resolved_at is None:
                step.tx.incidents.resolve(incident.id, step.now, actor.person_id)
        text = Text(
            f"将表决“{row.title}”作废并重新发起（{found.zh}），{second.name}已同意。",
            f"the ballot “{row.title}” was made void and called anew ({found.en}), as {second.name} agreed.",
        )
        return Done(text, tell=(second,), element=row.element)

    try:
        effect = intervene(desk, actor, case_id, asked, change)
    except Unreachable:  # the commit may have gone through
        raise
    except LaurelError:
        _forget(desk, made)
        raise
    if asked.dry:
        _forget(desk, made)
    return effect


def void_refusal(step: Step, row: BallotRow) -> Text | None:
    """Return why a ballot that is not counted may not be made void by an administrator, None where it may."""
    try:
        found = unsound(step.desk, step.tx, row)
    except LaurelError as unknown:
        return unknown.message
    if found is None:
        return sound(row).message
    agreed = agreed_by(row)
    if agreed is None:
        return Text(
            f"{found[1].zh}。作废须先由监督机构的人员在表决页同意。",
            f"{found[1].en}. A supervisor first agrees to this on the page of the ballot.",
        )
    if agreed == step.actor.person_id:
        return Text(
            "作废是您本人同意的，须由另一名管理员办理。", "You agreed to this yourself: another administrator does it."
        )
    return None


def _chosen(step: Step, number: int) -> BallotRow:
    if number not in {ballot.id for ballot in step.tx.ballots.of_case(step.case.id)}:
        raise Conflict(Text("本办件没有这次表决，请重新选择。", "The case has no such ballot: choose again."))
    return step.tx.ballots.lock(number)


def _move(step: Step, anew: int, given: Mapping[str, Any], found: Text) -> None:
    """Let the new ballot end on a later day than the void one would have."""
    why = Text(f"表决作废后重新发起：{found.zh}", f"Called anew after it was void: {found.en}")
    window = window_until(step, day_of(given, "day"), why)
    closing = [t for t in step.instance.timers() if any(b.id == anew for b in ballots_closing(step, t))]
    if not closing:
        raise Conflict(
            Text(
                "这次表决没有正在计时的截止日：全部投完或者由办公室截止。请不填新的截止日。",
                "No time limit closes this ballot: it ends once all have voted or the office closes it. Leave out the day.",
            )
        )
    if window.ends_at < closing[0].due:
        day = last_day_before(closing[0].due)
        raise Conflict(
            Text(
                f"新的截止日不能早于原定的{in_words(day)}。",
                f"The new last day must not lie before {full(day).en}, the one that it had.",
            )
        )
    group = group_of(step, f"timer:{closing[0].id}")
    if group is not None and window.ends_at != closing[0].due:
        notify_moved_dates(step, move_group(step, group, window), why, noted=False)


def _tell_members(step: Step, row: BallotRow, anew: int, members: list[PersonRow], found: Text) -> None:
    """Tell everybody on the roll, voted or not, that they vote again."""
    new = step.tx.ballots.get(anew)
    last = last_day_before(new.closes_at) if new.closes_at is not None else None
    until = (
        Text(f"，截至{in_words(last)}", f" by {full(last).en}")
        if last
        else Text("，全部投完为止", "; it ends once all have")
    )
    subject = Text(f"“{row.title}”作废，重新投票", f"“{row.title}” is void: vote again")
    text = Text(
        f"表决“{row.title}”作废：{found.zh}。已经投出的选票不会打开，投过票的也请重新投票{until.zh}。",
        f"The ballot “{row.title}” is void: {found.en}. No paper is opened. Please vote again, also if you had voted{until.en}.",
    )
    queue_to(step, members, f"ballot-anew:{row.id}", subject, leading(text, f"/ballots/{anew}"))


def _forget(desk: Desk, made: list[str]) -> None:
    """Destroy the keys of a ballot that was not opened after all."""
    for box in made:
        with suppress(OSError, KeyFolderGone):  # they open nothing
            urns_of(desk).destroy(box)
