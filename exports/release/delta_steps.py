"""The deltas of earlier releases, kept so that who missed one can follow step by step.

`delta.json` lists the steps, the oldest first: from which snapshot to which, and in which file. The
last is itself; those before lie in `deltas/`, each as it was published, without its list.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Final

DELTA: Final = "delta.json"
FOLDER: Final = "deltas"
MOST: Final = 100
"""So many steps are kept, this one included: two years of weekly releases."""

SHA_CHARACTERS: Final = 16

Step = dict[str, Any]


def keep_earlier(before: Path, building: Path, delta: dict[str, Any]) -> list[Step]:
    """Take the deltas of the release `before` over into `building`; return their steps.

    `delta` is the last of them. A file that is missing breaks the chain: it begins after it.
    """
    steps: list[Step] = []
    for step in delta["steps"][1 - MOST :]:
        if step["file"] != DELTA:
            name = step["file"] if _copied(before, building, step["file"]) else ""
        else:
            name = f"{FOLDER}/{step['to']['snapshot_sha256'][:SHA_CHARACTERS]}.json"
            own = {key: value for key, value in delta.items() if key != "steps"}
            (building / FOLDER).mkdir(exist_ok=True)
            body = json.dumps(own, ensure_ascii=False, indent=1) + "\n"
            (building / name).write_text(body, encoding="utf-8", newline="\n")
        steps = [*steps, {**step, "file": name}] if name else []
    return steps


def keep_same(before: Path, building: Path, steps: list[Step]) -> None:
    """Take the earlier deltas over as they are, for a release of the same state."""
    for step in steps[:-1]:
        _copied(before, building, step["file"])


def _copied(before: Path, building: Path, name: str) -> bool:
    path = Path(name)
    if path.parent != Path(FOLDER) or not (before / path).is_file():
        return False
    (building / FOLDER).mkdir(exist_ok=True)
    shutil.copyfile(before / path, building / path)
    return True
