"""JSON written by SQLite, without the members that are not known.

SQLite's own `json_object` writes `null` for them, which most schemas take for a wrong value.
"""

from __future__ import annotations

from typing import Final

_NEVER_NULL: Final = ("'", "coalesce(", "CASE ", "f.name", "t.")


def json_text(first: tuple[str, str], *rest: tuple[str, str], **made: str) -> str:
    """Return the SQL of a JSON object of (key, SQL) pairs; `made` are JSON already.

    What is NULL is left out. The first pair, usually the id, is never NULL.
    """
    members = [f"'{{\"{first[0]}\":' || json_quote({first[1]})"]
    for name, sql in rest:
        member = f"',\"{name}\":' || json_quote({sql})"
        always = sql.startswith(_NEVER_NULL)
        members.append(member if always else f"iif({sql} IS NULL, '', {member})")
    members += [f"coalesce(',\"{name}\":' || {sql}, '')" for name, sql in made.items()]
    return " || ".join([*members, "'}'"])


def list_text(given: str, *pairs: tuple[str, str]) -> str:
    """Return the SQL of a list of one object, NULL when there is nothing `given`."""
    return f"iif({given} IS NULL, NULL, '[' || {json_text(*pairs)} || ']')"


def literal(value: str) -> str:
    """Return a text as SQL."""
    return "'" + value.replace("'", "''") + "'"
