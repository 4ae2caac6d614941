"""The program's side of the key service: the same as `UrnsHere`, asked over HTTPS with a certificate of its own."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Collection, Sequence
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from service.domain.ballots import HallSheet, Handful, Papers, Receipt
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.keys.errors import KeyServiceAway
from service.keys.urns import FreshKey, Holding, MadeUrn, NewUrn, StoredUrn, UrnLook
from service.keys.wire import (
    bytes_of,
    handful_json,
    new_json,
    read_holding,
    read_look,
    read_made,
    read_papers,
    read_refusal,
    sheet_json,
    stored_json,
    text_of_bytes,
)
from service.settings import KeysPlace

_SECONDS = 2.0
"""So long one answer is waited for: a vote asks three times, and its voter waits in front of the page."""
_LONG = 10.0
"""So long where a whole urn is opened or made, which no voter waits for."""
_LONGER = frozenset({"make", "empty"})
_PAUSE = 10.0
"""So long nobody waits any more for a service that gave no answer; then one call tries it."""
_NO_ANSWER = Text("规定时间内没有应答", "no answer in time")


def urns_at(place: KeysPlace | None) -> UrnsElsewhere | None:
    """Return the key service of the settings; None where there is none."""
    return None if place is None else UrnsElsewhere(place.url, place.certificate, place.authority)


class UrnsElsewhere:
    """The keys are held by the key service at ``url``; one connection for each thread is kept open."""

    def __init__(
        self, url: str, certificate: Path, authority: Path, seconds: float = _SECONDS, pause: float = _PAUSE
    ) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 443
        self._certificate, self._authority = certificate, authority
        self._here = threading.local()
        self._seconds, self._standing_still = seconds, _StandingStill(pause)

    def make(self, new: NewUrn) -> MadeUrn:
        """Make the keys of a ballot and its empty urn."""
        return read_made(self._ask("make", new_json(new)))

    def prepare(self, box: str) -> FreshKey:
        """Make the key of the urn's next version."""
        name, papers_key = self._ask("prepare", {"box": box})
        return FreshKey(str(name), str(papers_key))

    def holding(self, box: str) -> Holding | None:
        """Return who opens the urn together; None where it opens without holders."""
        return read_holding(self._ask("holding", {"box": box}))

    def receipts(self, box: str, numbers: Sequence[int]) -> list[Receipt]:
        """Return the receipts of these places on the roll."""
        told = self._ask("receipts", {"box": box, "numbers": list(numbers)})
        return [Receipt(int(number), str(text)) for number, text in told]

    def cast(self, urn: StoredUrn, fresh: str, handful: Handful, papers: int, bound: str) -> bytes:
        """Return the urn with ``handful`` in it, mixed and sealed under ``fresh``."""
        told = {"urn": stored_json(urn), "fresh": fresh, "handful": handful_json(handful, urn.shape), "papers": papers}
        told["bound"] = bound
        return bytes_of(self._ask("cast", told))

    def look(self, urn: StoredUrn) -> UrnLook:
        """Return how many papers the urn holds, and what the key service noted of the version sealed last."""
        return read_look(self._ask("look", {"urn": stored_json(urn)}))

    def empty(self, urn: StoredUrn) -> Papers:
        """Return everything in the urn; raises NotReleased while the ballot is open by the key service."""
        return read_papers(self._ask("empty", {"urn": stored_json(urn)}), urn.shape)

    def keep_sheet(self, box: str, sheet: HallSheet, teller: int) -> bytes:
        """Return the first teller's sheet, sealed."""
        return bytes_of(self._ask("keep_sheet", {"box": box, "sheet": sheet_json(sheet, teller)}))

    def compare_sheet(self, box: str, kept: bytes, teller: int, sheet: HallSheet) -> tuple[str, ...]:
        """Return what the second teller sees otherwise."""
        told = {"box": box, "kept": text_of_bytes(kept), "sheet": sheet_json(sheet, teller)}
        return tuple(map(str, self._ask("compare_sheet", told)))

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys of versions that are no longer in force."""
        self._ask("drop", {"box": box, "names": list(names)})

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot."""
        self._ask("destroy", {"box": box})

    def missing(self, keys: Collection[tuple[str, str]]) -> set[str]:
        """Return the ballots whose key is not there."""
        return set(self._ask("missing", {"keys": [list(key) for key in keys]}))

    def _ask(self, call: str, told: Any) -> Any:
        content, seconds = json.dumps(told).encode(), _LONG if call in _LONGER else self._seconds
        if self._standing_still.is_known():
            raise KeyServiceAway(_NO_ANSWER)
        used: HTTPSConnection | None = getattr(self._here, "connection", None)
        try:
            answer = None if used is None else self._again(used, call, content, seconds)
            if answer is None:
                used = self._here.connection = self._connection(seconds)
                answer = self._answer(used, call, content)
        except TimeoutError as error:
            self._forget(used)
            self._standing_still.note()
            raise KeyServiceAway(_NO_ANSWER) from error
        except (OSError, HTTPException, ValueError) as error:
            self._forget(used)
            raise KeyServiceAway(cause_words(error)) from error
        self._standing_still.end()
        return _told(*answer)

    def _forget(self, used: HTTPSConnection | None) -> None:
        self._here.connection = None
        if used is not None:
            used.close()

    def _again(self, used: HTTPSConnection, call: str, content: bytes, seconds: float) -> tuple[int, Any] | None:
        """Ask over a connection that was used before; None where it was closed meanwhile, which tells nothing of the service."""
        used.timeout = seconds
        if used.sock is not None:
            used.sock.settimeout(seconds)
        try:
            return self._answer(used, call, content)
        except TimeoutError:
            raise
        except (OSError, HTTPException):
            used.close()
            return None

    def _connection(self, seconds: float) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=self._authority)
        context.load_cert_chain(self._certificate)
        return HTTPSConnection(self._host, self._port, timeout=seconds, context=context)

    def _answer(self, connection: HTTPSConnection, call: str, content: bytes) -> tuple[int, Any]:
        connection.request("POST", f"/{call}", content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


class _StandingStill:
    """Whether the service gave no answer just now: then every voter is refused at once, and one call in a while tries it."""

    def __init__(self, pause: float) -> None:
        self._lock, self._until, self._pause = threading.Lock(), 0.0, pause

    def is_known(self) -> bool:
        """Return whether to wait for nothing; where it is time to try again, False for this caller alone."""
        with self._lock:
            if self._until == 0.0:
                return False
            now = time.monotonic()
            if now < self._until:
                return True
            self._until = now + self._pause
            return False

    def note(self) -> None:
        """Note that no answer came."""
        with self._lock:
            self._until = time.monotonic() + self._pause

    def end(self) -> None:
        """Note that the service answers."""
        if self._until != 0.0:
            with self._lock:
                self._until = 0.0


def _told(status: int, told: Any) -> Any:
    if status != 200:
        raise read_refusal(told)
    return told
