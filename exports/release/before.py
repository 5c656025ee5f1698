"""What stands in the directory before a release is made there: its day, and what then changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func

from codes.errors import UsageError
from exports.release.allow_list import allow_list
from exports.release.delta_steps import DELTA
from exports.release.manifest import MANIFEST, Manifest, read_manifest
from exports.release.registry_rows import RegistryRows
from registry.db import reading

FACILITIES: Final = "facility"


@dataclass(frozen=True)
class Changes:
    """How many facilities differ from the release before; each counts once.

    `removed` are those that the release before listed and this one does not.
    """

    added: int
    changed: int
    ended: int
    removed: int


def release_before(directory: Path) -> Manifest | None:
    """Return what is said of the release in `directory`, or None when there is none."""
    return read_manifest(directory) if (directory / MANIFEST).is_file() else None


def refuse_older(engine: Engine, directory: Path, on: date) -> None:
    """Raise UsageError `release.older` when a release of a later day than `on` stands there."""
    before = release_before(directory)
    if before is None or before.release_date <= on.isoformat():
        return
    query = RegistryRows(engine.dialect.name, on).facilities(allow_list().tables[FACILITIES])
    counting = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    with reading(engine) as session:
        count = session.scalar(counting)
    raise UsageError(
        "release.older",
        path=directory,
        there=before.release_date,
        there_count=before.counts[FACILITIES],
        seen=on.isoformat(),
        seen_count=count or 0,
    )


def changes_since(before: Manifest, directory: Path) -> Changes:
    """Count what the release in `directory` changed of the one `before` it in the same place."""
    delta = json.loads((directory / DELTA).read_text(encoding="utf-8"))
    replaced = {file.sha256 for file in before.files}
    # a release of the same state keeps its delta, which is to the one before that
    if not delta["base"] or delta["base"]["snapshot_sha256"] not in replaced:
        return Changes(0, 0, 0, 0)
    ended = {one["code"] for one in delta["ended"]}
    changed = {row["code"] for row in delta["changed"]} | set(delta["figures_changed"])
    added, removed = set(delta["added"]), set(delta["removed"])
    return Changes(len(added), len(changed - added - removed - ended), len(ended), len(removed))
