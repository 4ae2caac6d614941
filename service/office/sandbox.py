"""The sandbox for foreign files: a child process with limits of memory, processor time and wall time.

A spreadsheet of 145 KB can unpack to gigabytes of styles: whatever reads it must be able to die without the server.
The child is kept for the next file (starting one costs a quarter of a second) until nothing was asked of it for some
minutes, and is thrown away when it misbehaves.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from typing import Any

import orjson

from service.domain.errors import Invalid, LaurelError
from service.domain.files.active_content import Active
from service.domain.files.uploads import FileKind
from service.domain.text import Text
from service.office.protocol import Prose, Task, read_message, write_message

_PROGRAM = Path(__file__).parents[2]
_NOWHERE = "http://127.0.0.1:9"
SURROUNDINGS = {"LANG": "C.UTF-8", "http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "all_proxy": _NOWHERE}
"""The environment of the child: what would fetch something from the network finds nobody there."""


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What one file may cost: ``memory`` bytes beyond the idle child, seconds of processor, seconds in all.

    ``queue`` files may be in hand at once, and a further caller waits ``patience`` seconds for a place:
    slow files, sent by the dozen, must not keep every thread of the server waiting for the child. One that had nothing to
    do for ``idle`` seconds ends, and takes its memory with it.
    """

    memory: int = 512 * 1024 * 1024
    processor: int = 10
    wall: float = 30.0
    queue: int = 3
    patience: float = 3.0
    idle: float = 300.0


class SandboxBusy(LaurelError):
    """Others' files are being read."""

    code = "sandbox_busy"


class Sandbox:
    """Reads foreign files in a child process, one at a time; safe to share between threads."""

    def __init__(self, limits: SandboxLimits | None = None, program: str = "child", *words: str) -> None:
        self._limits = limits or SandboxLimits()
        self._program, self._words = f"service.office.{program}", words
        self._lock = Lock()
        self._places = BoundedSemaphore(self._limits.queue)
        self._child: subprocess.Popen[bytes] | None = None
        self._rest: Timer | None = None

    def rows(self, name: str, content: bytes) -> list[list[str]]:
        """Return the rows of a .csv, or of the first sheet of an .xlsx; raises Invalid for anything else."""
        rows: list[list[str]] = self._ask_child(Task.ROWS, content, name=name)
        return rows

    def container(self, content: bytes) -> FileKind | None:
        """Return what kind of file a zip container holds; damaged, bombing and macro-holding ones are none."""
        result = self._ask_child(Task.CONTAINER, content)
        return FileKind(result) if result else None

    def active(self, content: bytes) -> Active | None:
        """Return the first active content of an Office file or a PDF."""
        result = self._ask_child(Task.ACTIVE, content)
        return Active[result] if result else None

    def fill(self, layout: bytes, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the members of a Word file that hold tags, with ``values`` in their places; raises Invalid."""
        members: dict[str, str] = self._ask_child(Task.FILL, layout, values=dict(values))
        return members

    def prose(self, name: str, content: bytes) -> Prose:
        """Return the text of a Word or PDF file (see ``service.office.prose``); raises Invalid."""
        read: dict[str, Any] = self._ask_child(Task.PROSE, content, name=name)
        return Prose(read["text"], tuple(read["remarks"]), tuple(read["struck"]))

    def typeset(self, source: bytes, how: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what `service.office.typeset_child` makes of a Typst layout; raises Invalid where it costs too much."""
        made: dict[str, Any] = self._ask_child(Task.TYPESET, source, **how)
        return made

    def families(self) -> Mapping[str, list[str]]:
        """Return the families of fonts that `service.office.typeset_child` finds: ``machine``, and of these ``office``."""
        families: dict[str, list[str]] = self._ask_child(Task.FAMILIES, b"")
        return families

    def pdf_fault(self, content: bytes) -> str | None:
        """Return why no reader can open a PDF: "damaged" or "locked"; raises Invalid where it costs too much."""
        fault: str | None = self._ask_child(Task.PDF_FAULT, content)
        return fault

    def close(self) -> None:
        """End the child; the next file starts another."""
        with self._lock:
            self._end_child()

    def _ask_child(self, task: Task, content: bytes, **more: Any) -> Any:
        if not self._places.acquire(timeout=self._limits.patience):
            raise _build_busy()
        try:
            with self._lock:
                if self._rest is not None:
                    self._rest.cancel()
                answer = self._read_answer(orjson.dumps({"task": task, **more}), content)
                if answer is None or answer.get("exhausted"):
                    self._end_child()
                else:
                    self._rest = Timer(self._limits.idle, self.close)
                    self._rest.daemon = True
                    self._rest.start()
        finally:
            self._places.release()
        if answer is None:
            raise _too_much()
        if "refused" in answer:
            raise Invalid(Text(answer["refused"]["zh"], answer["refused"]["en"]))
        return answer["found"]

    def _read_answer(self, head: bytes, content: bytes) -> dict[str, Any] | None:
        """Return what the child says, None where it died over the file."""
        child = self._ensure_child()
        assert child.stdin is not None
        assert child.stdout is not None
        guard = Timer(self._limits.wall, child.kill)
        guard.start()
        try:
            write_message(child.stdin, head)
            write_message(child.stdin, content)
            reply = read_message(child.stdout)
        except OSError:
            return None
        finally:
            guard.cancel()
        if reply is None:
            return None
        answer: dict[str, Any] = orjson.loads(reply)
        return answer

    def _ensure_child(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end_child()
            limits = (str(self._limits.memory), str(self._limits.processor))
            self._child = subprocess.Popen(  # noqa: S603  our own program and numbers, no shell
                [sys.executable, "-m", self._program, *limits, *self._words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_PROGRAM,
                env={**SURROUNDINGS, "HOME": os.environ.get("HOME", "/")},  # neither settings nor passwords
                close_fds=True,
            )
        return self._child

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what the child had not taken when it died is of no use any more
                    pipe.close()


def _build_busy() -> SandboxBusy:
    return SandboxBusy(
        Text(
            "服务器正在读取其他人上传的文件，请过一分钟再传；已填写的内容不会丢失。",
            "The server is reading other people's files: send yours again in a minute; what you typed is kept.",
        )
    )


def _too_much() -> Invalid:
    return Invalid(
        Text(
            "这个文件解压或读取所需的时间或内存超过限度，没有接收。请新建一个空白文件，只把内容粘贴进去后另存再传。",
            "Reading this file takes more time or memory than allowed; it was not taken. "
            "Paste its contents into a new file, save that and send it.",
        )
    )
