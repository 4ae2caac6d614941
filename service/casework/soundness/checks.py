"""What a sound database has: chains, effects done once, what is searched by, limits that move together, cases and files as they should be."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice

from service.casework.access.actor import SYSTEM
from service.casework.access.book.kinds import ActKind
from service.casework.access.case_access import CONFIRM
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import describe_crash, load_twice, package_fault
from service.casework.soundness.fault import Underway, Unsound, called, in_case
from service.casework.step.case_state import Projection
from service.casework.step.facts import erased_among, findable_of
from service.casework.step.fill import in_words
from service.casework.step.limits.days import NO_DUE_DATE, find_limit_day, get_display_limit, last_day_before
from service.casework.step.limits.running import names_of_days, recorded_days, running_limits
from service.casework.step.limits.useful_days import (
    build_decision_predicate,
    count_task_limits,
    counted_before,
    former_steps,
)
from service.casework.step.limits.votes import KIND as BALLOT
from service.casework.step.limits.votes import closing_timers, voting_tasks
from service.casework.step.messages import barrier_of
from service.casework.step.step import Step
from service.catalog import Package
from service.domain.calendar import CHINA
from service.domain.calendar.clock import format_full_day
from service.domain.errors import LaurelError, NotFound
from service.domain.text import Text
from service.domain.wording.numbers import counted
from service.engine import Instance, TimerWait
from service.store import NamedFile, StoredState, Transaction
from service.store.models import WorkItemRow
from service.store.queries.soundness import StoredFacts

_AT_ONCE = 200
_MOST_EFFECTS = 200
_ASK = Text("保留现状，请与提供程序的人员联系", "keep things as they are and ask who provides the program")
_WAITING = {
    "task": Text("待办", "a task"),
    "timer": Text("计时", "a timer"),
    "message": Text("等待消息的登记", "a message noted as awaited"),
    "ballot": Text("没有计票的表决", "a ballot that is not counted"),
}
_FACTS_PAGE_SIZE = 500
_MOST_SUMMARIES = 100
_NAMED = {
    "case": Text("办件", "case"),
    "document": Text("文书", "document"),
    "ballot": Text("表决", "ballot"),
    "body": Text("单位", "organisation"),
    "person": Text("人员", "person"),
    "value": Text("办件", "case"),
    "notice": Text("公示公告", "notice"),
    "file": Text("附件所属办件", "case with files"),
}
_OPEN = "open"
_ALIVE = ("waiting", "running", "held", "dead")
_BESIDE = (CONFIRM, BALLOT)
"""Kinds of tasks that stand beside what the engine waits for."""
_CASES_AT_ONCE = 100
_CALL = Text("请与提供程序的人员联系，或恢复到出错以前", "ask who provides the program, or restore the state before")
_PackageFaults = dict[str, Text | None]
_FILES_AT_ONCE = 200
_CHUNK = 1 << 20
_RESTORE = Text("从备份中取回这个文件", "take this file back from a backup")


def broken_chains(desk: Desk) -> Iterator[tuple[str, int | None]]:
    """Yield the name of each chain with the number of its first event that does not hold, None where all hold.

    A case that seems wrong is looked at once more while nobody may move it.
    """
    with desk.store.read() as tx:
        chains = [*_beside_cases(tx)]
    yield from chains
    page = [0]
    while page:
        with desk.store.read() as tx:
            page = tx.cases.numbers_after(page[-1], _AT_ONCE)
            suspects = {case for case in page if tx.history.verify(case) is not None}
        for case in page:
            yield f"case {case}", _verify_locked_chain(desk, case) if case in suspects else None


def _verify_locked_chain(desk: Desk, case_id: int) -> int | None:
    with desk.store.write() as tx:
        tx.cases.lock(case_id)
        return tx.history.verify(case_id)


def _beside_cases(tx: Transaction) -> Iterator[tuple[str, int | None]]:
    begun = {head.chain for head in tx.act_heads.select()}
    for kind in ActKind:
        first = tx.acts.verify(kind.chain)
        if first is not None or kind.chain in begun:
            yield f"book {kind.chain}", first


def check_effects(desk: Desk) -> Iterator[int | Unsound]:
    """Ask the database itself for what waits in cases that have ended."""
    with desk.store.read() as tx:
        leftovers = tx.soundness.orphaned_effects(_MOST_EFFECTS)
    for row in leftovers:
        what, at = _WAITING[row.what], row.element or ""
        message = Text(f"办件已经结束，还留有{what.zh}（{at}）", f"it has ended and still has {what.en} ({at})")
        yield from in_case(row.case_id, row.title, [message], _ASK)


def find_misindexed_cases(desk: Desk, tx: Transaction) -> Iterator[tuple[int, str]]:
    """Yield each case that is found by something else with what it should be found by, in pages.

    One whose package cannot be read is passed over.
    """
    after = 0
    while page := tx.soundness.facts_after(after, _FACTS_PAGE_SIZE):
        for row, findable in _work_out_findable(desk, tx, page):
            if findable is not None and findable != row.findable:
                yield row.id, findable or ""
        after = page[-1].id


def _work_out_findable(
    desk: Desk, tx: Transaction, rows: Sequence[StoredFacts]
) -> Iterator[tuple[StoredFacts, str | None]]:
    """Yield each case with what it should be found by, None where its package cannot be read."""
    erased = erased_among(tx, [row.id for row in rows])
    for row in rows:
        try:
            package = desk.packages.get(row.definition, tx)
        except LaurelError:  # told of where versions are looked at
            yield row, None
            continue
        yield row, findable_of(package, {} if row.id in erased else row.facts)


def check_search_table(desk: Desk) -> Iterator[int | Underway | Unsound]:
    """Look in the search table for every row and for every pair."""
    with desk.store.read() as tx:
        missed = tx.soundness.wrongly_searched(_MOST_SUMMARIES)
        misled = [case_id for case_id, _ in islice(find_misindexed_cases(desk, tx), _MOST_SUMMARIES)]
    for case_id in misled:
        yield Unsound(
            Text(f"办件 {case_id}", f"case {case_id}"),
            Text(
                "按它的事实检索的内容与办件不符；停止服务后运行 laurel doctor --reindex 重建。",
                "what it is found by is not what its facts say; stop the service and run laurel doctor --reindex.",
            ),
        )
    for subject_name, ident in missed:
        kind = _NAMED[subject_name]
        yield Unsound(
            Text(f"{kind.zh} {ident}", f"{kind.en} {ident}"),
            Text(
                "检索表与它的名称不符，会查不到；停止服务后运行 laurel doctor --reindex 重建。",
                "the search table does not hold its name; stop the service and run laurel doctor --reindex.",
            ),
        )


def list_moved_ends(desk: Desk, tx: Transaction, case_id: int) -> Iterator[Text | Underway]:
    """Yield a sentence for each thing of a running case that says another day than the limit it goes by.

    A last useful day that the calendar gave as it was before is no fault: it waits for the correction of the calendar,
    or is kept because somebody decided so. A provisional one is left alone.
    """
    step = Step(desk, tx, tx.cases.get(case_id), SYSTEM)
    step.instance = desk.engine.restore(step.case.definition, step.engine_state, step.environment)
    yield from _check_ballots(step)
    yield from _check_recorded_days(step)
    yield from _check_useful_days(step)


def _check_ballots(step: Step) -> Iterator[Text]:
    for ballot in step.tx.ballots.select(case_id=step.case.id):
        if ballot.state != _OPEN:
            continue
        ends = {timer.due for timer in closing_timers(step, ballot)}
        if ballot.closes_at is not None and ends and ballot.closes_at not in ends:
            at, counted = _format_minute(ballot.closes_at), _format_minute(min(ends))
            yield Text(
                f"表决“{ballot.title}”的截止时间为{at}，计时却到{counted}",
                f"the ballot “{ballot.title}” closes at {at}, its timer fires at {counted}",
            )
        closes = ballot.closes_at or NO_DUE_DATE
        other = [row for row in voting_tasks(step, ballot.id) if row.due_at != closes]
        if other:
            yield Text(
                f"表决“{ballot.title}”有{len(other)}项投票待办的期限与截止时间不同",
                f"{len(other)} voting tasks of the ballot “{ballot.title}” are due at another time than it closes",
            )


def _check_recorded_days(step: Step) -> Iterator[Text]:
    for limit in running_limits(step):
        for day in recorded_days(step.package):
            fact_value = step.facts.get(day.name)
            ends = last_day_before(limit.at)
            if isinstance(fact_value, str) and day.ends_with(limit) and fact_value != ends.isoformat():
                name = names_of_days(step.package).get(day.name, day.name)
                yield Text(
                    f"“{limit.name}”的期限为{in_words(ends)}，“{name}”所记的日期却是{in_words(fact_value)}",
                    f"“{limit.name}” ends on {format_full_day(ends).en}, but the day on record of “{name}” is {fact_value}",
                )


def _check_useful_days(step: Step) -> Iterator[Text | Underway]:
    for row, task, limit in count_task_limits(step):
        shown = row.due_reason or {}
        if shown.get("provisional") or not ((limit[1] or {}).get("useful") or shown.get("useful")):
            continue
        right, listed = find_limit_day(limit), find_limit_day(get_display_limit(row))
        if right is not None and right != listed and build_decision_predicate(step)(f"useful:{row.id}", right):
            continue
        if right != listed and counted_before(former_steps(step), task, row):
            number = step.case.id
            yield Underway(
                Text(
                    f"办件 {number} 待办“{row.title}”的最迟办理日按现在的日历为{_day_words(right)}，还列为{_day_words(listed)}：请在“监控—日历更正”中改动",
                    f"case {number}: the last useful day of “{row.title}” is {right} by the calendar as it stands,"
                    f" {listed} is shown: move it at “Corrected calendar”",
                )
            )
        elif right != listed:
            yield Text(
                f"待办“{row.title}”的最迟办理日应为{_day_words(right)}，却列为{_day_words(listed)}",
                f"the last useful day of the task “{row.title}” is {right}, but {listed} is shown",
            )


def _day_words(day: date | None) -> str:
    return in_words(day) if day else "无期限"


def _format_minute(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def differences(
    tx: Transaction, case_id: int, package: Package, projection: Projection, instance: Instance
) -> Iterator[Text]:
    """Yield a sentence for each thing that waits in one place and not, or otherwise, in the other."""
    yield from _check_tasks(tx, case_id, package, projection, instance)
    yield from _check_timers(tx, case_id, package, projection, instance)
    yield from _check_messages(tx, case_id, package, instance)
    yield from _check_calls(tx, case_id, package, instance)


def _check_tasks(
    tx: Transaction, case_id: int, package: Package, projection: Projection, instance: Instance
) -> Iterator[Text]:
    rows = [row for row in tx.tasks.open_of_case(case_id) if row.kind not in _BESIDE]
    waiting = {task.id: task for task in instance.person_tasks()}
    listed = Counter(row.engine_id for row in rows)
    for ident, task in waiting.items():
        name = called(package, task.process_id, task.element_id)
        if not listed[ident]:
            yield Text(f"环节{name}等人办理，待办清单里却没有", f"{name} waits for a person, but no task is listed")
        elif listed[ident] > 1:
            yield Text(f"环节{name}列出{listed[ident]}项相同的待办", f"{name} is listed as {listed[ident]} tasks")
    for row in rows:
        name, engine_task = called(package, row.process_id, row.element), waiting.get(row.engine_id)
        if engine_task is None:
            yield Text(
                f"待办清单里有环节{name}，流程却不停在那里",
                f"a task is listed at {name}, where the case does not stand",
            )
        elif engine_task.element_id != row.element:
            yield Text(f"待办{name}列在了别的环节名下", f"the task {name} is listed under another element")
        elif listed[row.engine_id] == 1 and projection.tasks.get(row.engine_id) != row.id:
            yield Text(f"待办{name}不是流程所记的那一项", f"the task {name} is not the one that the case knows")


def _check_timers(
    tx: Transaction, case_id: int, package: Package, projection: Projection, instance: Instance
) -> Iterator[Text]:
    items = [item for item in tx.work.of_case(case_id, _ALIVE) if item.kind == "timer"]
    running = {timer.id: timer for timer in instance.timers()}
    items_by_timer: dict[str, list[WorkItemRow]] = {}
    for item in items:
        items_by_timer.setdefault(str(item.payload.get("engine_id")), []).append(item)
    for ident, timer in running.items():
        name = called(package, timer.process_id, timer.element_id)
        yield from _check_timer(name, timer, items_by_timer.pop(ident, []), projection.timers.get(ident))
    for lost in items_by_timer.values():
        for item in lost:
            name = called(package, item.process_id or "", item.element or "")
            yield Text(
                f"计时{name}还会到期，流程却没有在等它",
                f"the timer {name} will fire, but the case does not wait for it",
            )


def _check_timer(
    name: str, timer: TimerWait, items: list[WorkItemRow], timer_entry: list[str] | None
) -> Iterator[Text]:
    if not items:
        yield Text(
            f"计时{name}（{_format_day(timer.due)}到期）没有后台事项，永远不会到期",
            f"the timer {name} (due {_format_day(timer.due)}) has no work item and will never fire",
        )
        return
    if len(items) > 1:
        yield Text(f"计时{name}有{len(items)}个后台事项，会重复到期", f"the timer {name} has {len(items)} work items")
        return
    item = items[0]
    if timer_entry is None or timer_entry[0] != item.effect_key:
        yield Text(
            f"计时{name}的后台事项不是流程所记的那一项", f"the work item of the timer {name} is not the one known"
        )
    elif timer_entry[1] != timer.due.astimezone(UTC).isoformat() or (_is_first_try(item) and item.due_at != timer.due):
        yield Text(
            f"计时{name}应于{_format_day(timer.due)}到期，后台事项却定在{_format_day(item.due_at)}",
            f"the timer {name} is due {_format_day(timer.due)}, its work item {_format_day(item.due_at)}",
        )


def _is_first_try(item: WorkItemRow) -> bool:
    """Return whether its day is still its own: a repetition waits longer, a confirmed date passes at once."""
    return item.state == "waiting" and not item.attempts and not item.provisional and item.dispatched_at is None


def _check_messages(tx: Transaction, case_id: int, package: Package, instance: Instance) -> Iterator[Text]:
    waiting = {wait.id: wait for wait in instance.message_waits()}
    rows = {row.engine_id: row for row in tx.subscriptions.select(case_id=case_id)}
    for ident, wait in waiting.items():
        name, row = called(package, wait.process_id, wait.element_id), rows.get(ident)
        if row is None:
            yield Text(
                f"环节{name}等待消息“{wait.name}”，却没有登记", f"{name} waits for “{wait.name}”, which is not noted"
            )
        elif (row.message, row.barrier or "") != (wait.name, barrier_of(package, wait)):
            yield Text(
                f"环节{name}登记的消息或者条件与流程不同", f"the message or barrier noted for {name} is another one"
            )
    for ident, row in rows.items():
        if ident not in waiting:
            name = called(package, row.process_id, row.element)
            yield Text(
                f"登记了{name}等待消息“{row.message}”，流程却没有在等",
                f"“{row.message}” is noted for {name}, where the case does not wait",
            )


def _check_calls(tx: Transaction, case_id: int, package: Package, instance: Instance) -> Iterator[Text]:
    rows = [(row.process_id, row.element) for row in tx.calls.select(case_id=case_id, left_at=None)]
    for place in sorted({*rows, *instance.calls()}):
        name, row_count = called(package, *place), rows.count(place)
        if row_count != (place in instance.calls()):
            yield Text(
                f"调用活动{name}登记了{row_count}次在内，与流程所在不符",
                f"the case is noted {row_count} times in the call {name}, which is not where it stands",
            )


def _format_day(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def running_cases(desk: Desk) -> Iterator[int | Underway | Unsound]:
    """Load each case, in pages; yields how many were looked at, and the faults between.

    Where something seems wrong the case is looked at once more while nobody may move it: it may have been moved
    between two questions.
    """
    faults: _PackageFaults = {}
    after = 0
    while True:
        with desk.store.read() as tx:
            page = tx.cases.stored_states(after, _CASES_AT_ONCE)
            for version in {row.version for row in page} - faults.keys():
                faults[version] = package_fault(desk, tx, version)
            suspects = [row.id for row in page if _list_case_faults(desk, tx, row, faults)]
        for ident in suspects:
            yield from _check_locked_case(desk, ident, faults)
        if not page:
            return
        yield len(page)
        after = page[-1].id


def _check_locked_case(desk: Desk, case_id: int, faults: _PackageFaults) -> list[Underway | Unsound]:
    with desk.store.write() as tx:
        tx.cases.lock(case_id)
        rows = [row for row in tx.cases.stored_states(case_id - 1, 1) if row.id == case_id]
        return [fault for row in rows for fault in _list_case_faults(desk, tx, row, faults)]


def _list_case_faults(
    desk: Desk, tx: Transaction, row: StoredState, faults: _PackageFaults
) -> list[Underway | Unsound]:
    if row.version not in faults:  # it was moved meanwhile
        faults[row.version] = package_fault(desk, tx, row.version)
    why = faults[row.version]
    if why is None:
        try:
            wrong = list(differences(tx, row.id, *load_twice(desk, tx, row)))
            end_faults = [] if wrong else list(list_moved_ends(desk, tx, row.id))
            wrong += [end_fault for end_fault in end_faults if isinstance(end_fault, Text)]
            return [
                *in_case(row.id, row.title, wrong),
                *(end_fault for end_fault in end_faults if isinstance(end_fault, Underway)),
            ]
        except LaurelError as error:
            why = error.message
        except Exception as error:  # one broken case must not hide the others
            why = describe_crash("读不出", "it cannot be loaded", error)
    return list(in_case(row.id, row.title, [why], _CALL))


def check_stored_files(desk: Desk) -> Iterator[int | Unsound]:
    """Read every file of documents and uploads once, a piece at a time; of archives look whether each is there."""
    yield from _of_rows(desk)
    yield from _of_archives(desk)


def _of_archives(desk: Desk) -> Iterator[int | Unsound]:
    """Open the files of archives; what they say is read when an archive is taken out and verified."""
    before: int | None = None
    while True:
        with desk.store.read() as tx:
            page = tx.archives.select("-id", limit=_FILES_AT_ONCE, after=before)
        for row in page:
            with desk.store.read() as tx:
                named = {
                    str(file["sha256"]) for part in tx.archive_parts.select(archive_id=row.id) for file in part.files
                }
            lost = [sha256[:12] for sha256 in sorted(named) if row.erased_at is None and not is_there(desk, sha256)]
            if lost:
                message = Text(
                    f"归档 {row.id} 缺少 {len(lost)} 个文件（{lost[0]}）",
                    f"archive {row.id} lacks {counted(len(lost), 'file')} ({lost[0]})",
                )
                yield from in_case(row.case_id, "", [message], _RESTORE)
            yield len(named)
        if not page:
            return
        before = page[-1].id


def is_there(desk: Desk, sha256: str) -> bool:
    """Return whether the store has the file of a content."""
    try:
        desk.store.files.open(sha256).close()
    except NotFound:
        return False
    return True


def _of_rows(desk: Desk) -> Iterator[int | Unsound]:
    number = 0
    while True:
        with desk.store.read() as tx:
            page = tx.soundness.document_files(number, _FILES_AT_ONCE)
        yield from _looked_at(desk, Text("文书", "a document"), page)
        if not page:
            break
        number = int(page[-1].id)
    ident = ""
    while True:
        with desk.store.read() as tx:
            page = tx.soundness.upload_files(ident, _FILES_AT_ONCE)
        yield from _looked_at(desk, Text("附件", "an attachment"), page)
        if not page:
            return
        ident = str(page[-1].id)


def _looked_at(desk: Desk, kind: Text, page: Sequence[NamedFile]) -> Iterator[int | Unsound]:
    for file in page:
        wrong = _find_file_fault(desk, file.sha256) if file.sha256 else None
        if wrong is None:
            continue
        message = Text(f"{kind.zh}{wrong.zh}", f"{kind.en} {wrong.en}")
        if file.case_id is None:
            yield Unsound(kind, Text(f"{message.zh}；{_RESTORE.zh}。", f"{message.en}; {_RESTORE.en}."))
        else:
            yield from in_case(file.case_id, "", [message], _RESTORE)
    yield len(page)


def _find_file_fault(desk: Desk, sha256: str) -> Text | None:
    digest = hashlib.sha256()
    try:
        with desk.store.files.open(sha256) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except NotFound:
        return Text(f"的文件不在存放处（{sha256[:12]}）", f"is missing where files are kept ({sha256[:12]})")
    except (LaurelError, OSError) as error:
        message = error.message if isinstance(error, LaurelError) else Text(str(error), str(error))
        return Text(f"的文件读不出：{message.zh}", f"cannot be read: {message.en}")
    if digest.hexdigest() != sha256:
        return Text(f"的文件内容被改动（{sha256[:12]}）", f"is not as it was stored ({sha256[:12]})")
    return None
