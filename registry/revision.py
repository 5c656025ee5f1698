"""Which revision of the tables this program needs, and whether a database has it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from codes.errors import StoreError

VERSION_TABLE: Final = "alembic_version"


@cache
def migrations_path() -> Path:
    """Return the folder of the installed package `migrations`."""
    spec = find_spec("migrations")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("migrations")
    return Path(spec.submodule_search_locations[0])


@cache
def head_revision() -> str:
    """Return the revision this program needs, such as `0001` (two branches conflict in HEAD)."""
    return (migrations_path() / "HEAD").read_text(encoding="utf-8").strip()


def is_newer(revision: str) -> bool:
    """Tell whether a revision was made by a later version of the program than this one."""
    return revision.isdecimal() and int(revision) > int(head_revision())


def expect_head(revision: str | None, db: str) -> None:
    """Raise StoreError for a database that has not the revision this program needs.

    `db` is the database as a person may see it; a revision of None has no tables of ours.
    """
    if revision is None or not revision.isdecimal():
        raise StoreError("db.not_ours", db=db)
    if is_newer(revision):
        raise StoreError("db.newer_version", seen=revision, expected=head_revision())
    if revision != head_revision():
        raise StoreError("db.other_version", seen=revision, expected=head_revision())
