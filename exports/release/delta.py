"""What changed since the release before: codes added, ended, changed, with the fields that changed.

The release before is the one that stands in the directory. Publishing the same state again keeps
its delta, so that doing a thing twice gives the same bytes.

Of a facility annulled since then nothing is told but that: a release withholds all of it, and the
values before must not come out beside the empty ones.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from exports.release.manifest import Manifest, digest, read_manifest
from exports.release.registry_rows import ANNULLED

DELTA: Final = "delta.json"
FORMAT: Final = "fuwuma-delta/2"


def write_delta(
    path: Path, snapshot: Path, before: Path | None, facts: dict[str, Any], ended: Collection[str]
) -> None:
    """Write the delta of `snapshot` to the release in the directory `before`.

    `ended` are the statuses of a facility that is no more. Without a release before, the delta has
    no `base` and lists nothing.
    """
    earlier = read_manifest(before) if before else None
    old = earlier.file(snapshot.name) if earlier else None
    if before and old and old.sha256 == digest(snapshot) and _is_ours(before / DELTA):
        path.write_bytes((before / DELTA).read_bytes())
        return
    delta: dict[str, Any] = {
        "format": FORMAT,
        "release_date": facts["release_date"],
        "base": None,
        "added": [],
        "ended": [],
        "removed": [],
        "changed": [],
        "figures_changed": [],
    }
    if before and earlier and old:
        delta["base"] = _base(earlier, old.sha256)
        delta |= _differences(snapshot, before / old.name, ended)
    body = json.dumps(delta, ensure_ascii=False, indent=1) + "\n"
    path.write_text(body, encoding="utf-8", newline="\n")


def _is_ours(path: Path) -> bool:
    """Say whether a delta is one as written here: one of an earlier program may tell too much."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(written, dict) and written.get("format") == FORMAT


def _base(earlier: Manifest, sha256: str) -> dict[str, str]:
    return {"release_date": earlier.release_date, "snapshot_sha256": sha256}


def _differences(new: Path, old: Path, ended: Collection[str]) -> dict[str, Any]:
    db = sqlite3.connect(f"{new.resolve().as_uri()}?immutable=1", uri=True)
    try:
        db.execute("ATTACH ? AS old", (f"{old.resolve().as_uri()}?immutable=1",))
        return {
            "added": _only_in(db, "main", "old"),
            "removed": _only_in(db, "old", "main"),
            "ended": _ended(db, ended),
            "changed": _changed(db),
            "figures_changed": _figures(db),
        }
    finally:
        db.close()


def _only_in(db: sqlite3.Connection, here: str, there: str) -> list[str]:
    sql = f"SELECT code FROM {here}.facility EXCEPT SELECT code FROM {there}.facility ORDER BY 1"  # noqa: S608
    return [code for (code,) in db.execute(sql)]


def _ended(db: sqlite3.Connection, statuses: Collection[str]) -> list[dict[str, Any]]:
    """What ended since, as what, and the codes that stand there now."""
    places = ", ".join("?" * len(statuses))
    sql = (
        "SELECT new.code, new.status FROM main.facility AS new JOIN old.facility AS old"  # noqa: S608
        f" USING (code) WHERE new.status IS NOT old.status AND new.status IN ({places})"
        " ORDER BY new.code"
    )
    successors = "SELECT successor_code FROM main.succession WHERE predecessor_code = ? ORDER BY 1"
    return [
        {
            "code": code,
            "status": status,
            "successors": [successor for (successor,) in db.execute(successors, (code,))],
        }
        for code, status in db.execute(sql, tuple(statuses)).fetchall()
    ]


def _changed(db: sqlite3.Connection) -> list[dict[str, Any]]:
    names = [name for name in _columns(db, "facility") if name != "code"]
    both = ", ".join(f'old."{name}", new."{name}"' for name in names)
    different = " OR ".join(f'old."{name}" IS NOT new."{name}"' for name in names)
    sql = (
        f"SELECT new.code, {both} FROM main.facility AS new JOIN old.facility AS old USING (code)"  # noqa: S608
        f" WHERE ({different}) AND (new.status IS NOT ? OR old.status IS ?) ORDER BY new.code"
    )
    return [
        {
            "code": code,
            "fields": {
                name: [values[2 * place], values[2 * place + 1]]
                for place, name in enumerate(names)
                if values[2 * place] != values[2 * place + 1]
            },
        }
        for code, *values in db.execute(sql, (ANNULLED, ANNULLED))
    ]


def _figures(db: sqlite3.Connection) -> list[str]:
    names = ", ".join(f'"{name}"' for name in _columns(db, "capability_value"))
    parts = [
        f"SELECT code FROM (SELECT {names} FROM {here}.capability_value"  # noqa: S608
        f" EXCEPT SELECT {names} FROM {there}.capability_value)"
        for here, there in (("main", "old"), ("old", "main"))
    ]
    return [code for (code,) in db.execute(f"{' UNION '.join(parts)} ORDER BY 1")]


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    """Columns that both releases have: a later release may have more."""
    old = {row[1] for row in db.execute(f'PRAGMA old.table_info("{table}")')}
    return [row[1] for row in db.execute(f'PRAGMA main.table_info("{table}")') if row[1] in old]
