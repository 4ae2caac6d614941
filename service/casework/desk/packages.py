"""The published versions of process packages, parsed once per process."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from threading import Lock
from typing import Any

import orjson

from service.catalog import Package
from service.catalog.law.proof import Proof
from service.catalog.version import is_version_of
from service.domain.decisions import DecisionTable, read_tables
from service.domain.errors import Invalid, LaurelError, NotFound
from service.domain.feel import FunctionSet
from service.domain.forms import Form, compile_form
from service.domain.text import Text
from service.engine import Engine
from service.sdk import Operation
from service.store import Store, Transaction

REMEDY = Text(
    "请审计管理员运行 laurel doctor --deep，查明是谁改动的；把 definition 表该行的 content 恢复为备份中的原值，重启服务后再点“重试”",
    "the audit administrator runs laurel doctor --deep and finds out who did it; put the value of content in that row of"
    " definition back from a backup, restart the service, then retry",
)


class VersionAltered(LaurelError):
    """The stored files of a version are not those that it is named after."""

    code = "version_altered"

    def __init__(self, version: str) -> None:
        super().__init__(
            Text(
                f"流程版本 {version[:8]} 存储的文件在系统之外被改动，按它办理的事项全部停下，您刚才的操作没有生效。请通知管理员。",
                f"The stored files of process version {version[:8]} were changed beside the program: nothing of it runs, and"
                " what you just did was not done. Tell the administrator.",
            )
        )
        self.version = version


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Return the files of a closure as one compressed value."""
    return zlib.compress(
        orjson.dumps({path: b64encode(data).decode() for path, data in sorted(files.items())}), level=1
    )


def unpack_files(content: bytes) -> dict[str, bytes]:
    """Return the inverse of ``pack_files``."""
    return {path: b64decode(data) for path, data in orjson.loads(zlib.decompress(content)).items()}


def pack_package(package: Package) -> bytes:
    """Return a package as it is stored: its files, and beside them what its scenarios prove."""
    proofs = {_PROOFS: orjson.dumps(package.proofs)} if package.proofs else {}
    return pack_files({**package.files, **proofs})


def unpack_package(content: bytes, operations: Mapping[str, Operation], version: str) -> Package:
    """Return the inverse of ``pack_package``; raises VersionAltered where the files are not those of ``version``."""
    files = _unpack_package_files(content, version)
    proofs = tuple(_build_proof(row) for row in orjson.loads(files.pop(_PROOFS, b"[]")))
    package = _read_package(files, operations, version, proofs)
    if not is_version_of(version, files, package.diagrams.values(), operations):
        raise VersionAltered(version)
    return package


def _build_proof(row: Mapping[str, Any]) -> Proof:
    return Proof(**{**row, "beyond": tuple(row["beyond"])})


def _unpack_package_files(content: bytes, version: str) -> dict[str, bytes]:
    try:
        return unpack_files(content)
    except (zlib.error, ValueError) as unread:  # what was published could be unpacked
        raise VersionAltered(version) from unread


def _read_package(
    files: Mapping[str, bytes], operations: Mapping[str, Operation], version: str, proofs: tuple[Proof, ...]
) -> Package:
    try:
        return Package.from_files(files, operations, version, proofs)
    except Invalid as unread:  # what was published could be read
        raise VersionAltered(version) from unread


_PROOFS = "proofs.json"
"""No file of a package is called so: all of them lie in folders."""


class Compiled:
    """Forms and decision tables by name and what their files hold, compiled once: versions share what they agree on.

    What is simulated in one process shares them too.
    """

    def __init__(self) -> None:
        self.forms: dict[tuple[str, bytes], Form] = {}
        self.tables: dict[tuple[str, bytes], DecisionTable] = {}


class Packages:
    """Hands out packages by version. A version never changes, so each is parsed once and shared by all threads."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        operations: Mapping[str, Operation],
        functions: FunctionSet,
        compiled: Compiled | None = None,
    ) -> None:
        self._store, self._engine, self._operations, self._functions = store, engine, operations, functions
        self._known: dict[str, Package] = {}
        self._compiled = compiled or Compiled()
        self._lock = Lock()

    def get(self, version: str, tx: Transaction | None = None) -> Package:
        """Return the package of ``version``; raises NotFound when it was never published."""
        package = self._known.get(version)
        if package is not None:
            return package
        if tx is None:
            with self._store.read() as reading:
                return self.get(version, reading)
        return self._load_package(version, tx)

    def current(self, key: str, tx: Transaction) -> Package:
        """Return the published version of package ``key`` ("jurisdiction/award"); raises NotFound."""
        row = tx.definitions.current(key)
        if row is None:
            raise NotFound(
                Text(
                    f"“{key}”尚未发布，请先用 laurel deploy 发布。", f"“{key}” is not published yet: run laurel deploy."
                )
            )
        return self.get(row.version, tx)

    def all_current(self, tx: Transaction) -> list[Package]:
        """Return every published package, by key."""
        return [self.get(row.version, tx) for row in tx.definitions.all_current()]

    def form(self, package: Package, ident: str) -> Form:
        """Return form ``ident`` of ``package``, compiled once."""
        key = (ident, package.form_source(ident))
        compiled_form = self._compiled.forms.get(key)
        if compiled_form is None:
            compiled_form = self._compiled.forms[key] = compile_form(package.form(ident))
        return compiled_form

    def remember(self, package: Package) -> None:
        """Keep a package that was parsed elsewhere, so that it is not parsed again."""
        with self._lock:
            self._engine.load(package.version, package.diagram_files, late=True)
            self._known[package.version] = package

    def table(self, package: Package, ident: str) -> DecisionTable:
        """Return decision table ``ident`` of ``package``, compiled once; raises NotFound."""
        key = (ident, package.table(ident).content)
        compiled_table = self._compiled.tables.get(key)
        if compiled_table is None:
            tables = read_tables(key[1], functions=self._functions)
            compiled_table = self._compiled.tables[key] = next(iter(tables.values()))
        return compiled_table

    def _load_package(self, version: str, tx: Transaction) -> Package:
        with self._lock:
            if version not in self._known:
                content = tx.definitions.content(version)
                package = unpack_package(content, self._operations, version)
                self._engine.load(version, package.diagram_files, late=True)
                self._known[version] = package
            return self._known[version]
