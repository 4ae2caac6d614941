"""Whether the files that run are those that were recorded when they were installed."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.access.actor import Actor
from service.casework.access.book.enter import enter_kept
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.domain.text import Text

_NOTES = "programs"
"""Name of the notes of the foreign marks that stand in the book already."""
_WHAT = Text("程序文件的可信验证", "Verification of the program's files")


def program_files(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Compare the files that run with what was recorded, where anything was."""
    program = desk.premises.program
    if program is None:
        return
    found = program.mark()
    if found == program.expected:
        same = Text("与安装时记下的一致", "as they were recorded when they were installed")
        yield HealthFinding("program-files", _WHAT, Level.FINE, same)
        return
    other = Text(
        f"运行的程序文件（{found[:12]}）与安装时记下的（{program.expected[:12]}）不一致。刚升级的，核对发布包的签名后重新记下"
        "（laurel program，写入 LAUREL_PROGRAM）；没有升级的，停止服务，查明是谁改动了文件",
        f"the files that run ({found[:12]}) are not those that were recorded ({program.expected[:12]}). After an upgrade verify"
        " the signature of the release and record them anew (laurel program, into LAUREL_PROGRAM); without one stop the"
        " service and find out who changed them",
    )
    yield HealthFinding("program-files", _WHAT, Level.FAULT, other)


@guarded("records.keep")
def enter_foreign_program(desk: Desk, actor: Actor) -> None:
    """Enter once into the book that other files run than were recorded."""
    program = desk.premises.program
    if program is None:
        return
    found = program.mark()
    if found == program.expected or found in desk.ballot_keys.noted(_NOTES):
        return
    with desk.store.write() as tx:
        known = {"recorded": program.expected, "found": found}
        enter_kept(tx, desk.clock.now(), actor, "运行的程序文件与安装时记下的不一致", {"after": known})
    desk.ballot_keys.note(_NOTES, found)
