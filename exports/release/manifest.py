"""The manifest of a release: what it is, how much it holds, and the digest of every file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from codes.book import BOOKS_DIR
from codes.errors import StoreError

MANIFEST: Final = "manifest.json"
FORMAT: Final = "fuwuma-release/1"
FACTS: Final = ("release_date", "synthetic", "licence")


@dataclass(frozen=True)
class ReleasedFile:
    """One file of a release; `name` is its path within, `sha256` lower-case hexadecimal."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything said of a release as a whole.

    `counts` are rows by table; `source` says in zh and en where the data is from. `spec_version`
    names the state of the codebooks. `synthetic` is true when the facilities were made up for a
    demonstration.
    """

    format: str
    release_date: str
    spec_version: str
    synthetic: bool
    licence: str
    source: dict[str, str]
    counts: dict[str, int]
    files: tuple[ReleasedFile, ...]

    def facts(self) -> dict[str, Any]:
        """Return what every answer in JSON says of the release."""
        return {name: getattr(self, name) for name in FACTS}

    def as_json(self) -> dict[str, Any]:
        """Return the manifest as it is written to `manifest.json`."""
        return asdict(self)

    def write(self, directory: Path) -> None:
        """Write `manifest.json` into `directory`."""
        body = json.dumps(self.as_json(), ensure_ascii=False, indent=2) + "\n"
        (directory / MANIFEST).write_text(body, encoding="utf-8", newline="\n")

    def file(self, name: str) -> ReleasedFile | None:
        """Return what is said of the file `name`, or None when the release has no such file."""
        return next((row for row in self.files if row.name == name), None)


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest of a release.

    Raises StoreError `release.not_a_release` when there is none or it is not one of ours.
    """
    try:
        body = (directory / MANIFEST).read_bytes()
    except OSError:
        raise StoreError("release.not_a_release", path=directory) from None
    return parse_manifest(body, directory)


def parse_manifest(body: bytes, directory: Path) -> Manifest:
    """Read what stood in the manifest of `directory`; raises StoreError as `read_manifest` does."""
    try:
        values = json.loads(body.decode("utf-8"))
        files = tuple(ReleasedFile(**row) for row in values.pop("files"))
        manifest = Manifest(**values, files=files)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise StoreError("release.not_a_release", path=directory) from None
    if manifest.format != FORMAT:
        raise StoreError("release.not_a_release", path=directory)
    return manifest


def check_files(directory: Path, manifest: Manifest) -> None:
    """Compare every file with its digest; raises StoreError `release.damaged` at a difference."""
    for row in manifest.files:
        path = directory / row.name
        if not path.is_file() or path.stat().st_size != row.bytes or digest(path) != row.sha256:
            raise StoreError("release.damaged", path=path)


def describe(directory: Path, path: Path) -> ReleasedFile:
    """Return name, size and digest of a file just written below `directory`."""
    name = path.relative_to(directory).as_posix()
    return ReleasedFile(name, path.stat().st_size, digest(path))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def spec_version() -> str:
    """Name the state of the codebooks: our version and a digest over every book."""
    total = hashlib.sha256()
    for path in sorted(BOOKS_DIR.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(BOOKS_DIR).as_posix().encode())
            total.update(path.read_bytes())
    return f"{version('fuwuma')}+{total.hexdigest()[:12]}"
