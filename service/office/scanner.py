"""Virus scanning by a clamd beside the program, in the protocol of its manual (INSTREAM, VERSION)."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words

_CHUNK = 1 << 16
_LONGEST_ANSWER = 4096


class ScannerAway(LaurelError):
    """The scanner cannot be reached or gave no verdict; ``reason`` says which, for administrators."""

    code = "scanner_away"

    def __init__(self, reason: Text) -> None:
        """Keep the reason apart from the sentence, which gives nothing away."""
        super().__init__(
            Text(
                "现在无法检查文件是否安全，没有收下。请稍后再传；一直如此的，请告诉办公室。",
                "Files cannot be checked just now, so it was not taken. Try again in a while; if it stays so, tell the office.",
            )
        )
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd: at the socket ``path``, or at ``host`` and ``port``; ``seconds`` is the longest wait for a verdict.

    ``needed``: without a verdict no file is taken. Else it is taken as if there were no scanner.
    """

    path: Path | None = None
    host: str = ""
    port: int = 0
    needed: bool = True
    seconds: float = 30

    def threat(self, content: bytes) -> str:
        """Return the name of what was found in ``content``, "" for nothing; raises ScannerAway."""
        answer = self._send_command(b"zINSTREAM\0", content).removeprefix("stream: ")
        if answer == "OK":
            return ""
        name, marker, rest = answer.rpartition(" FOUND")
        if not marker or rest:
            raise ScannerAway(Text(answer, answer))
        return name

    def version(self) -> str:
        """Return which clamd with which signatures answers, such as "ClamAV 1.4.3/27500/Mon Jan  5 …"; raises ScannerAway."""
        return self._send_command(b"zVERSION\0")

    def _send_command(self, command: bytes, content: bytes | None = None) -> str:
        try:
            with closing(self._open_connection()) as line:
                line.sendall(command)
                if content is not None:
                    self._send_file(line, content)
                return self._read_answer(line)
        except OSError as error:
            raise ScannerAway(cause_words(error)) from error

    def _open_connection(self) -> socket.socket:
        if self.path is None:
            return socket.create_connection((self.host, self.port), self.seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self.seconds)
        try:
            line.connect(str(self.path))
        except OSError:
            line.close()
            raise
        return line

    def _send_file(self, line: socket.socket, content: bytes) -> None:
        """Send a file in pieces; a clamd that has read enough of it answers before the end and shuts the line."""
        try:
            for start in range(0, len(content), _CHUNK):
                piece = content[start : start + _CHUNK]
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            return

    def _read_answer(self, line: socket.socket) -> str:
        reply = b""
        while b"\0" not in reply and len(reply) < _LONGEST_ANSWER:
            piece = line.recv(_LONGEST_ANSWER)
            if not piece:
                break
            reply += piece
        if not reply:
            raise ScannerAway(Text("没有应答", "no answer"))
        return reply.partition(b"\0")[0].decode("utf-8", "replace").strip()
