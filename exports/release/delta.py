"""What changed since the release before: codes added, ended, changed, with the fields that changed.

The release before is the one that stands in the directory; `delta_steps` keeps the deltas before.
Publishing the same state again keeps its delta, so that doing a thing twice gives the same bytes.

No value is told, neither the one before nor the new one. A correction takes back what was wrong,
and what was wrong (a private number among the public ones) must not be published once more beside
what is right, by this delta or, once the new value is corrected in turn, by one that is kept.
Values are in the tables of the release, those of earlier days in its history.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from exports.release.delta_steps import DELTA, keep_earlier, keep_same
from exports.release.manifest import digest, read_manifest
from exports.release.registry_rows import ANNULLED

FORMAT: Final = "fuwuma-delta/3"


def write_delta(
    path: Path, snapshot: Path, before: Path | None, facts: dict[str, Any], ended: Collection[str]
) -> None:
    """Write the delta of `snapshot` to the release in the directory `before`; keep those before.

    `ended` are the statuses of a facility that is no more. Without a release before, the delta has
    no `base` and lists nothing.
    """
    earlier = read_manifest(before) if before else None
    old = earlier.file(snapshot.name) if earlier else None
    kept = _ours(before / DELTA) if before else None
    if before and old and kept and old.sha256 == digest(snapshot):
        keep_same(before, path.parent, kept["steps"])
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
        "steps": [],
    }
    if before and earlier and old:
        delta["base"] = _state(earlier.release_date, old.sha256)
        delta |= _differences(snapshot, before / old.name, ended)
        now = _state(facts["release_date"], digest(snapshot))
        steps = keep_earlier(before, path.parent, kept) if kept else []
        delta["steps"] = [*steps, {"from": delta["base"], "to": now, "file": DELTA}]
    body = json.dumps(delta, ensure_ascii=False, indent=1) + "\n"
    path.write_text(body, encoding="utf-8", newline="\n")


def _ours(path: Path) -> dict[str, Any] | None:
    """Return a delta as written here, None for one of an earlier program: it may tell too much."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return written if isinstance(written, dict) and written.get("format") == FORMAT else None


def _state(release_date: str, sha256: str) -> dict[str, str]:
    return {"release_date": release_date, "snapshot_sha256": sha256}


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
    compared = [f'old."{name}" IS NOT new."{name}"' for name in names]
    sql = (
        f"SELECT new.code, {', '.join(compared)}"  # noqa: S608
        " FROM main.facility AS new JOIN old.facility AS old USING (code)"
        f" WHERE ({' OR '.join(compared)}) AND (new.status IS NOT ? OR old.status IS ?)"
        " ORDER BY new.code"
    )
    return [
        {
            "code": code,
            "fields": [name for name, differs in zip(names, different, strict=True) if differs],
        }
        for code, *different in db.execute(sql, (ANNULLED, ANNULLED))
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
