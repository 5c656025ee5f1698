"""The description of the site for programs."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.site.api import openapi
from exports.site.catalogue import Catalogue


async def view(_datasette: Datasette, _request: Any, _catalogue: Catalogue) -> Response:
    """Give the OpenAPI document."""
    return Response.json(openapi())
