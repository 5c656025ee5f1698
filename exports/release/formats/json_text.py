"""JSON written by SQLite, without the members that are not known.

SQLite's own `json_object` writes `null` for them, which most schemas take for a wrong value. An
object is one call of `format`: joining its members one by one would copy it again and again.
"""

from __future__ import annotations

import json


def json_text(id_text: str, *pairs: tuple[str, str], **made: str) -> str:
    """Return the SQL of a JSON object; what is NULL is left out.

    `id_text` is the SQL of its id, which needs no escaping; `pairs` are (key, SQL) of texts and
    figures, `made` are JSON already.
    """
    shape, parts = '{"id":"%s"', [id_text]
    for name, sql in pairs:
        if sql.startswith("'"):
            shape += f',"{name}":' + json.dumps(_unquoted(sql), ensure_ascii=False)
        else:
            shape += "%s"
            parts.append(f"iif({sql} IS NULL, '', ',\"{name}\":' || json_quote({sql}))")
    for name, sql in made.items():
        shape += "%s"
        parts.append(f"coalesce(',\"{name}\":' || {sql}, '')")
    return f"format({literal(shape + '}')}, {', '.join(parts)})"


def list_text(given: str, id_text: str, *pairs: tuple[str, str]) -> str:
    """Return the SQL of a list of one object, NULL when there is nothing `given`."""
    return f"iif({given} IS NULL, NULL, '[' || {json_text(id_text, *pairs)} || ']')"


def literal(value: str) -> str:
    """Return a text as SQL."""
    return "'" + value.replace("'", "''") + "'"


def _unquoted(sql: str) -> str:
    return sql[1:-1].replace("''", "'").replace("%", "%%")
