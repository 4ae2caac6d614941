"""A foreign file may cost so much and no more; whoever sent it gets a sentence, and the next file is read as ever."""

import io
import os
import signal
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import Workbook

from service.domain.errors import Invalid
from service.domain.files.uploads import FileKind
from service.office import Sandbox, office_as_pdf, office_pdf
from service.office.sandbox import SandboxBusy, SandboxLimits
from service.office.tables import read_rows
from tests.support.waiting import ended, until


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["名称", "代码"])
    book.active.append(["甲厂", "91650100MA77000009"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_member(content: bytes, name: str, inside: bytes) -> bytes:
    """Return the archive with one member replaced."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, inside if entry.filename == name else old.read(entry.filename))
    return changed.getvalue()


def bomb() -> bytes:
    """A small workbook, one cell of which unpacks to 90 MB of small elements, thirty times as much in memory."""
    runs = b"<r><t>x</t></r>" * 6_000_000
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    sheet += b'<c r="A1" t="inlineStr"><is>' + runs + b"</is></c></row></sheetData></worksheet>"
    return with_member(workbook(), "xl/worksheets/sheet1.xml", sheet)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(SandboxLimits(memory=64 * 1024 * 1024, processor=4, wall=20.0))
    yield made
    made.close()


def test_a_table_is_read_as_in_the_process_itself(sandbox: Sandbox) -> None:
    assert sandbox.rows("名单.xlsx", workbook()) == read_rows("名单.xlsx", workbook())
    assert sandbox.rows("名单.csv", "名称\n甲厂\n".encode("gb18030")) == [["名称"], ["甲厂"]]
    assert sandbox.container(workbook()) is FileKind.XLSX
    assert sandbox.container(b"PK\x03\x04 no archive") is None


def test_a_bomb_is_refused_and_the_next_table_is_read(sandbox: Sandbox) -> None:
    content = bomb()
    assert len(content) < 400_000
    with pytest.raises(Invalid, match="没有接收"):
        sandbox.rows("a.xlsx", content)
    assert sandbox.rows("b.xlsx", workbook())[1][0] == "甲厂"


def test_time_is_limited_too() -> None:
    hasty = Sandbox(SandboxLimits(wall=0.001))
    with pytest.raises(Invalid, match="时间或内存"):
        hasty.rows("a.xlsx", workbook())
    hasty.close()


def test_a_child_with_nothing_to_do_ends_and_the_next_file_starts_another() -> None:
    sandbox = Sandbox(SandboxLimits(idle=0.05))
    for _ in range(2):
        assert sandbox.rows("a.csv", b"a") == [["a"]]
        until(lambda: sandbox._child is None, what="the child ended")


def test_slow_files_of_others_keep_nobody_waiting_for_long() -> None:
    sandbox = Sandbox(SandboxLimits(memory=64 * 1024 * 1024, processor=4, wall=20.0, queue=1, patience=0.2))
    sandbox._lock.acquire()  # as while the child reads
    slow = threading.Thread(target=sandbox.container, args=(workbook(),))
    slow.start()
    until(lambda: not sandbox._places._value, what="the first has its place")
    with pytest.raises(SandboxBusy, match="过一分钟再传"):
        sandbox.container(workbook())
    assert slow.is_alive(), "it was told so while the first still waited"
    sandbox._lock.release()
    ended(slow)
    assert sandbox.container(workbook()) is FileKind.XLSX
    sandbox.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("名" * 3_000_000, "一格过长"), ("," * 5_000_000 + "x", "超过200列"), ("\n" * 5_000_000, "超过5000行"),
        ('"' + "甲\n" * 100_000, "引号没有成对"),
        ("名称\n甲\0厂\n", "空字符"),
    ],
)  # fmt: skip
def test_a_csv_beyond_reason_is_refused_with_what_is_wrong_with_it(content: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_rows("名单.csv", content.encode())


def test_a_child_that_dies_before_it_took_the_file_is_a_refusal_and_no_failure() -> None:
    sandbox = Sandbox()
    assert sandbox.rows("a.csv", b"a") == [["a"]]
    child = sandbox._child
    assert child is not None
    assert child.stdin is not None
    os.kill(child.pid, signal.SIGSTOP)  # takes nothing more, until its time is over
    os.set_blocking(child.stdin.fileno(), False)
    with suppress(BlockingIOError):
        while True:
            os.write(child.stdin.fileno(), b"\0")
    os.set_blocking(child.stdin.fileno(), True)
    sandbox._limits = SandboxLimits(wall=1.0)  # long enough for no child that has to start
    with pytest.raises(Invalid, match="没有接收"):
        sandbox.rows("a.csv", b"b")
    sandbox._limits = SandboxLimits()
    assert sandbox.rows("a.csv", b"b") == [["b"]]
    sandbox.close()


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    """Put a program in the place of LibreOffice, which no machine of the tests has."""
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\nfor word in "$@"; do last="$word"; done\nplace=$(dirname "$last")\n{lines}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_it_reads_the_file_and_writes_beside_it_without_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUREL_SECRET", "s")
    install(tmp_path, monkeypatch, '(cat "$last"; echo "$LAUREL_SECRET$http_proxy") > "$place/file.pdf"')
    assert office_as_pdf(b"content ", ".docx") == b"content http://127.0.0.1:9\n"


def test_what_takes_too_long_or_writes_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_pdf, "_SECONDS", 0.2)
    install(tmp_path, monkeypatch, "sleep 60 & sleep 60")
    assert office_as_pdf(b"PK", ".xlsx") is None
    install(tmp_path, monkeypatch, "exit 1")
    assert office_as_pdf(b"PK", ".xlsx") is None
