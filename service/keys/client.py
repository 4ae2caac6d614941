"""The program's side of the key service: the same as `UrnsHere`, asked over HTTPS with a certificate of its own."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Collection, Sequence
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from service.domain.ballots import HallSheet, Handful, Papers, Receipt
from service.keys.errors import KeyServiceAway
from service.keys.urns import FreshKey, Holding, MadeUrn, NewUrn, StoredUrn
from service.keys.wire import (
    bytes_of,
    handful_json,
    new_json,
    read_holding,
    read_made,
    read_papers,
    read_refusal,
    sheet_json,
    stored_json,
    text_of_bytes,
)
from service.settings import KeysPlace

_SECONDS = 10.0


def urns_at(place: KeysPlace | None) -> UrnsElsewhere | None:
    """Return the key service of the settings; None where there is none."""
    return None if place is None else UrnsElsewhere(place.url, place.certificate, place.authority)


class UrnsElsewhere:
    """The keys are held by the key service at ``url``; one connection for each thread is kept open."""

    def __init__(self, url: str, certificate: Path, authority: Path) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 443
        self._certificate, self._authority = certificate, authority
        self._here = threading.local()

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
        content = json.dumps(told).encode()
        used: HTTPSConnection | None = getattr(self._here, "connection", None)
        if used is not None:  # it may have been closed meanwhile, which tells nothing of the service
            try:
                return self._answer(used, call, content)
            except (OSError, HTTPException):
                used.close()
        try:
            self._here.connection = self._connection()
            return self._answer(self._here.connection, call, content)
        except (OSError, HTTPException, ValueError) as error:
            self._here.connection = None
            raise KeyServiceAway(_reason(error)) from error

    def _connection(self) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=self._authority)
        context.load_cert_chain(self._certificate)
        return HTTPSConnection(self._host, self._port, timeout=_SECONDS, context=context)

    def _answer(self, connection: HTTPSConnection, call: str, content: bytes) -> Any:
        connection.request("POST", f"/{call}", content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200:
            raise read_refusal(told)
        return told


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
