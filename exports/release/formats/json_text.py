"""JSON as DuckDB's SQL, without the members that are not known.

DuckDB's own `json_object` writes `null` for them, which most schemas take for a wrong value; its
`concat` passes over what is NULL.
"""

from __future__ import annotations

import json

from exports.release.formats.duck import literal


def json_text(id_text: str, *pairs: tuple[str, str], **made: str) -> str:
    """Return the SQL of a JSON object; what is NULL is left out.

    `id_text` is the SQL of its id, or of the id's parts with commas between, which needs no
    escaping; `pairs` are (key, SQL) of texts and figures, `made` are JSON already.
    """
    parts = [literal('{"id":"'), id_text, literal('"')]
    for name, sql in pairs:
        if sql.startswith("'"):
            parts.append(literal(f',"{name}":' + json.dumps(_unquoted(sql), ensure_ascii=False)))
        else:
            parts.append(f"""',"{name}":' || to_json({sql})""")
    parts += [f"""',"{name}":' || {sql}""" for name, sql in made.items()]
    return f"concat({', '.join(parts)}, '}}')"


def list_text(given: str, id_text: str, *pairs: tuple[str, str]) -> str:
    """Return the SQL of a list of one object, NULL when there is nothing `given`."""
    return f"CASE WHEN {given} IS NOT NULL THEN '[' || {json_text(id_text, *pairs)} || ']' END"


def _unquoted(sql: str) -> str:
    return sql[1:-1].replace("''", "'")
