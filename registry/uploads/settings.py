"""What the sender says about a file: whose headers mean what, values for all rows, how to merge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from codes.elements import all_fields
from codes.errors import UsageError
from codes.messages import text
from codes.names import fold
from registry.uploads.reading.headers import header_names

MODES: Final = ("both", "new", "update")
SCOPES: Final = ("changes", "complete")
ENGINES: Final = ("auto", "python", "duckdb", "spark")
"""Engines of the check; others are refused rather than imitated."""

SUBMIT_ENGINES: Final = ("python",)
"""Engines of submitting: a batch is stored row by row."""


@dataclass(frozen=True)
class UploadSettings:
    """How to read and merge one file.

    `mapped` gives the sender's headers and our keys; `given` one value a key for rows whose cell is
    blank. `mode` is new, update or both; `scope` says whether the file lists all facilities of its
    types in its counties (complete) or only some (changes).
    """

    mapped: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    mode: str = "both"
    scope: str = "changes"

    def as_json(self) -> dict[str, Any]:
        """Return the settings as they are stored with an upload."""
        return {
            "map": dict(sorted(self.mapped.items())),
            "set": dict(sorted(self.given.items())),
            "mode": self.mode,
            "scope": self.scope,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> UploadSettings:
        """Return settings from what `as_json` gave."""
        return cls(stored["map"], stored["set"], stored["mode"], stored["scope"])


def upload_settings(
    maps: Iterable[str] = (),
    sets: Iterable[str] = (),
    mode: str = "both",
    scope: str = "changes",
) -> UploadSettings:
    """Return settings from what was typed: `theirs=ours` and `ours=value`.

    Raises UsageError for a pair without `=`, a name of ours that does not exist, a pair given
    twice, a value that no row could take, a mode or a scope that does not exist.
    """
    _check_known("upload.mode_unknown", mode, MODES)
    _check_known("upload.scope_unknown", scope, SCOPES)
    mapped = {theirs: field_key(ours) for theirs, ours in pairs("--map", maps)}
    given = {field_key(ours): value for ours, value in pairs("--set", sets)}
    if given:
        from registry.uploads.given import check_given  # as much as a check loads

        check_given(given)
    return UploadSettings(mapped, given, mode, scope)


def check_engine(engine: str, known: tuple[str, ...] = ENGINES) -> None:
    """Raise UsageError for an engine that there is not (yet)."""
    _check_known("upload.engine_unknown", engine, known)


def field_key(name: str) -> str:
    """Return our key for a key or header of ours; raises UsageError with what is near."""
    names = header_names()
    key = names.key(name)
    if key is None:
        fields = all_fields()
        near = "、".join(f"{fields[one].header_zh}({one})" for one in names.near(name))
        raise UsageError("upload.field_unknown", seen=name, near=near or text("upload.none"))
    return key


def pairs(option: str, written: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield (left, right) of each `left=right` typed; raises UsageError for any other form."""
    seen: set[str] = set()
    for pair in written:
        left, equals, right = pair.partition("=")
        if not equals or not left.strip() or not right.strip():
            raise UsageError("upload.pair_unreadable", option=option, seen=pair)
        if fold(left) in seen:
            raise UsageError("upload.pair_repeated", option=option, seen=left.strip())
        seen.add(fold(left))
        yield left.strip(), right.strip()


def _check_known(message_id: str, seen: str, known: tuple[str, ...]) -> None:
    if seen not in known:
        raise UsageError(message_id, seen=seen, known=", ".join(known))
