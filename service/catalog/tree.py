"""The files below processes/ and forms/, and the lookup of named pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from service.catalog.patterns.patterns import fill_patterns

Files: TypeAlias = Mapping[str, bytes]
"""Contents by path, relative to the root, with forward slashes."""

_SUFFIXES = {".yaml", ".bpmn", ".dmn", ".json", ".docx", ".typ", ".yml", ".xml"}
"""Those of a package's files, and the two that other programs give them: the check says that nothing reads these."""
_FOREIGN = {"calendars", "english"}
_SHARED = "processes/shared"
_SCORING = "processes/scoring"
_SHARED_FOLDERS = ("shared", "scoring")


def read_tree(root: Path, without: frozenset[str] = frozenset()) -> Files:
    """Read every file of the packages below ``root``, save those of the folders ``without`` (names of cities).

    Calendars are facts of the world and left out. What a city makes of patterns is among its files.
    """
    return fill_patterns(read_sources(root, without))[0]


def read_sources(root: Path, without: frozenset[str] = frozenset()) -> Files:
    """Read the same files as they are written: patterns are not filled."""
    return {
        path: (root / path).read_bytes() for path in _iterate_package_paths(root, without) if (root / path).is_file()
    }


def sources_of(sources: Files, key: str) -> Files:
    """Return those of ``sources`` that the package ``key`` ("jurisdiction/award") can be made from.

    The folders of its city, other awards of it left out, and everything that cities share.
    """
    jurisdiction, award = key.split("/")
    others = tuple(f"processes/{city}/{other}/" for city, other in award_keys(sources) if other != award)
    roots = tuple(f"{top}/{place}/" for top in ("processes", "forms") for place in (jurisdiction, *_SHARED_FOLDERS))
    return {path: data for path, data in sources.items() if path.startswith(roots) and not path.startswith(others)}


def is_source(path: str) -> bool:
    """Return whether ``path``, relative to the root, can be a file of a package."""
    parts = PurePosixPath(path).parts
    return (
        len(parts) > 2
        and parts[0] in ("processes", "forms")
        and PurePosixPath(path).suffix in _SUFFIXES
        and not _is_foreign(parts)
    )


def no_files(root: Path, without: frozenset[str] = frozenset()) -> list[str]:
    """Return what ``read_tree`` leaves out although it is called as a file is: folders, pipes, links to nothing."""
    return [path for path in _iterate_package_paths(root, without) if not (root / path).is_file()]


def _iterate_package_paths(root: Path, without: frozenset[str]) -> Iterator[str]:
    """Yield the paths that end like a file of a package."""
    for top in ("processes", "forms"):
        folders = [folder for folder in sorted((root / top).glob("*")) if folder.name not in without]
        for path in (path for folder in folders for path in (folder, *sorted(folder.rglob("*")))):
            relative = path.relative_to(root)
            if path.suffix in _SUFFIXES and not _is_foreign(relative.parts):
                yield relative.as_posix()


def _is_foreign(parts: tuple[str, ...]) -> bool:
    return parts[1] in _FOREIGN or any(part.startswith(".") for part in parts)


def award_keys(files: Iterable[str]) -> list[tuple[str, str]]:
    """Return (jurisdiction, award) of every award.yaml."""
    parts = (PurePosixPath(path).parts for path in files)
    return sorted((p[1], p[2]) for p in parts if len(p) == 4 and p[0] == "processes" and p[3] == "award.yaml")


def jurisdiction_ids(files: Iterable[str]) -> list[str]:
    """Return the folders that hold a jurisdiction.yaml."""
    parts = (PurePosixPath(path).parts for path in files)
    return sorted(p[1] for p in parts if len(p) == 3 and p[0] == "processes" and p[2] == "jurisdiction.yaml")


def iterate_folder_files(files: Iterable[str], folder: str, suffix: str) -> Iterator[str]:
    """Yield the files directly inside ``folder`` that end with ``suffix``."""
    inside = f"{folder}/"
    for path in files:
        if path.startswith(inside) and path.endswith(suffix) and "/" not in path[len(inside) :]:
            yield path


def get_file_stem(path: str) -> str:
    """Return the file's name without its ending."""
    return PurePosixPath(path).stem


class Places:
    """Where the pieces of one award are looked up, nearest first."""

    def __init__(self, files: Files, jurisdiction: str, award: str) -> None:
        self.files = files
        self.city = f"processes/{jurisdiction}"
        self.award = f"{self.city}/{award}"
        self._form_folders = (f"{self.award}/forms", f"forms/{jurisdiction}", "forms/shared")

    @property
    def award_file(self) -> str:
        """The path of award.yaml."""
        return f"{self.award}/award.yaml"

    @property
    def parameters_file(self) -> str:
        """The path of parameters.yaml, which declares the parameters; an award without any may lack it."""
        return f"{self.award}/parameters.yaml"

    @property
    def plan_file(self) -> str:
        """The path of plan.yaml, the regular season that a round is planned by; an award may lack it."""
        return f"{self.award}/plan.yaml"

    @property
    def jurisdiction_file(self) -> str:
        """The path of jurisdiction.yaml."""
        return f"{self.city}/jurisdiction.yaml"

    @property
    def law_file(self) -> str:
        """The path of law.yaml."""
        return f"{self.city}/law.yaml"

    def diagrams(self) -> tuple[list[str], list[str]]:
        """Return the award's own diagrams and the shared ones."""
        return list(iterate_folder_files(self.files, self.award, ".bpmn")), list(
            iterate_folder_files(self.files, _SHARED, ".bpmn")
        )

    def tables(self) -> tuple[list[str], list[str]]:
        """Return the award's own tables and the shared ones."""
        return list(iterate_folder_files(self.files, self.award, ".dmn")), list(
            iterate_folder_files(self.files, _SHARED, ".dmn")
        )

    def vocabulary(self) -> list[str]:
        """Return the files of the shared vocabulary of parameters."""
        return sorted(iterate_folder_files(self.files, f"{_SHARED}/parameters", ".yaml"))

    def documents(self) -> dict[str, str]:
        """Return document id → path; the award's own win over shared ones."""
        return self._map_nearest((f"{self.award}/documents", f"{_SHARED}/documents"), ".yaml")

    def list_award_documents(self) -> list[str]:
        """Return the paths of the award's own documents."""
        return list(iterate_folder_files(self.files, f"{self.award}/documents", ".yaml"))

    def layouts(self) -> dict[str, str]:
        """Return file name → path of the layouts of documents; the award's own win over shared ones."""
        folders = (f"{self.award}/documents", f"{_SHARED}/documents")
        groups = (self._map_nearest(folders, suffix) for suffix in (".docx", ".typ"))
        return {PurePosixPath(path).name: path for group in groups for path in group.values()}

    def forms(self) -> dict[str, str]:
        """Return form id → path, nearest first."""
        return self._map_nearest(self._form_folders, ".json")

    def list_award_forms(self) -> list[str]:
        """Return the paths of the forms in the award's own folder."""
        return list(iterate_folder_files(self.files, self._form_folders[0], ".json"))

    def scoring(self) -> dict[str, str]:
        """Return scoring edition → path; the award's own win over shared ones."""
        return self._map_nearest((f"{self.award}/scoring", _SCORING), ".yaml")

    def _map_nearest(self, folders: tuple[str, ...], suffix: str) -> dict[str, str]:
        paths: dict[str, str] = {}
        for folder in folders:
            for path in iterate_folder_files(self.files, folder, suffix):
                paths.setdefault(get_file_stem(path), path)
        return paths
