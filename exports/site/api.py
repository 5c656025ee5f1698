"""The site described for programs: an OpenAPI 3.1 document of the endpoints that stay.

The endpoints are listed in `api.toml`; the tables are those of the release.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from exports.release.allow_list import AllowList, PublicTable, allow_list
from exports.site.api_schemas import FACTS, schemas
from exports.site.endpoints import described

JSON: Final = "application/json"
OPENAPI: Final = "3.1.0"
PROBLEM: Final = "Problem"
WITHOUT_FACTS: Final = (PROBLEM, "Document", "Manifest")
"""Answers that do not say of which release they are; the manifest says it by itself."""

NOT_KNOWN: Final = "A parameter that is not listed, or a value the release has not 参数或它的值不对"


@cache
def openapi() -> dict[str, Any]:
    """Return the document; it is the same for every release of this version."""
    listed = allow_list()
    settings = described()
    paths: dict[str, Any] = {}
    for endpoint in settings["endpoint"]:
        operation = _operation(endpoint)
        paths[endpoint["path"]] = {endpoint.get("method", "get"): operation}
    paths |= _tables(settings["table"], listed)
    info = {name: settings[name] for name in ("title", "version", "description")}
    return {
        "openapi": OPENAPI,
        "info": info,
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas(listed)},
    }


def _operation(endpoint: dict[str, Any]) -> dict[str, Any]:
    name = endpoint["path"].strip("/").translate(str.maketrans("/.", "__", "{}"))
    media = endpoint.get("media", JSON)
    answers = {"200": _answer("OK", endpoint["answer"], media)}
    for status, about in endpoint.get("statuses", {}).items():
        same = status in endpoint.get("still_answers", ())
        answers[status] = _answer(about, endpoint["answer"] if same else PROBLEM, JSON)
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": endpoint["summary"],
        "responses": answers,
    }
    if endpoint.get("method", "get") == "get" and not endpoint["path"].startswith("/download/"):
        answers.setdefault("400", _answer(NOT_KNOWN, PROBLEM, JSON))
    if parameters := endpoint.get("parameters"):
        operation["parameters"] = [_parameter(row) for row in parameters]
    if body := endpoint.get("body"):
        operation["requestBody"] = {"required": True, "content": {JSON: _points_to(body)}}
    return operation


def _parameter(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "in": row["in"],
        "required": row.get("required", False),
        "description": row["about"],
        "schema": row.get("schema", {"type": "string"}),
    }


def _tables(settings: dict[str, Any], listed: AllowList) -> dict[str, Any]:
    return {
        settings["path"].replace("{table}", table.name): {"get": _of_table(settings, table)}
        for table in listed.tables.values()
    }


def _of_table(settings: dict[str, Any], table: PublicTable) -> dict[str, Any]:
    columns, sortable = [*table.columns], [*table.sortable]
    size = {"type": "integer", "minimum": 1, "maximum": settings["most"]}
    named: dict[str, dict[str, Any]] = {
        "_shape": {"about": settings["shape"], "schema": {"enum": ["objects", "arrays"]}},
        "_size": {"about": settings["size"], "schema": size},
        "_sort": {"about": settings["sort"], "schema": {"enum": sortable}},
        "_sort_desc": {"about": settings["sort_desc"], "schema": {"enum": sortable}},
        "_next": {"about": settings["after"]},
        **{name: {"about": settings["condition"]} for name in columns},
    }
    return {
        "operationId": f"table_{table.name}",
        "summary": f"{settings['summary']} {table.name}: {table.title_zh} {table.title_en}",
        "description": f"{table.about_zh} {table.about_en}",
        "parameters": [
            _parameter({"name": name, "in": "query", **row}) for name, row in named.items()
        ],
        "responses": {
            "200": _answer("OK", f"{table.name}_{settings['answer']}", JSON),
            "400": _answer("An address that may not be asked 不允许的查询条件", PROBLEM, JSON),
        },
    }


def _answer(about: str, schema: str, media: str) -> dict[str, Any]:
    told = [FACTS, schema] if schema not in WITHOUT_FACTS else [schema]
    return {"description": about, "content": {media: {"schema": _all_of(told)}}}


def _all_of(names: list[str]) -> dict[str, Any]:
    referred = [_points_to(name)["schema"] for name in names]
    return referred[0] if len(referred) == 1 else {"allOf": referred}


def _points_to(schema: str) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{schema}"}}
