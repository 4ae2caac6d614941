"""The loop of a child process: one request after another, each within limits of memory and processor time."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from typing import IO, Any, TypeAlias

import orjson

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.office.protocol import read_message, write_message

Answering: TypeAlias = Callable[[dict[str, Any], bytes], Any]
"""Returns what was found for the head of a request and its content; raises LaurelError."""

_TOO_LARGE = Text(
    "这个文件解压后过大，没有接收。请新建一个空白文件，只把内容粘贴进去后另存再传。",
    "This file is too large when unpacked and was not taken: paste its contents into a new file and send that.",
)
_NEARLY_ALL = 0.7
"""Share of the memory allowed from which a failure counts as a lack of memory: libxml2 reports it as a syntax error."""


def serve_answers(memory: int, seconds: int, handler: Answering) -> None:
    """Answer by ``handler`` until standard input ends."""
    requests, answers = _open_pipes()
    base = _get_peak_memory()
    resource.setrlimit(resource.RLIMIT_AS, (_get_virtual_memory() + memory,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while (head := read_message(requests)) is not None and (content := read_message(requests)) is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))
        answer = _build_answer(handler, orjson.loads(head), content, base + int(memory * _NEARLY_ALL))
        write_message(answers, orjson.dumps(answer))


def _open_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return input and output; whatever prints by mistake goes nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return sys.stdin.buffer, answers


def _build_answer(handler: Answering, request: dict[str, Any], content: bytes, limit: int) -> dict[str, Any]:
    """Return what was found or why not; with ``exhausted`` the child has grown too large to be kept."""
    try:
        return {"found": handler(request, content)}
    except LaurelError as refusal:
        exhausted = _get_peak_memory() > limit
        reason = _TOO_LARGE if exhausted else refusal.message
    except (MemoryError, RecursionError):
        exhausted, reason = True, _TOO_LARGE
    return {"refused": {"zh": reason.zh, "en": reason.en}, "exhausted": exhausted}


def _get_peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _get_virtual_memory() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
