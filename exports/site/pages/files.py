"""Files: our style sheet and icon, and those of the release."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from exports.site.byte_range import Unsatisfiable, part_of
from exports.site.catalogue import Catalogue
from exports.site.held import HeldRelease
from exports.site.pages.page import page
from exports.site.settings import DATABASE
from exports.site.words import static_files

KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".html": "text/html; charset=utf-8",
    ".jsonl": "application/x-ndjson; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".sqlite": "application/vnd.sqlite3",
}
CHUNK_BYTES: Final = 1 << 18


async def static(datasette: Datasette, request: Any, _catalogue: Catalogue) -> Response:
    """Send one of our own files."""
    name = request.url_vars["name"]
    if name not in static_files():
        return await page(datasette, request, "not_found.html", status=404)
    kind = KINDS[Path(name).suffix]
    return Response(static_files()[name], content_type=kind)


async def robots(_datasette: Datasette, _request: Any, _catalogue: Catalogue) -> Response:
    """Let robots read the pages, not every combination of filters."""
    return Response.text(f"User-agent: *\nDisallow: /{DATABASE}/\nDisallow: /search\n")


async def download(
    datasette: Datasette, request: Any, catalogue: Catalogue
) -> Response | FileResponse:
    """Send a file of the release; only what the manifest lists is there, and the manifest.

    It is the file that was there when the site started, whatever has come to its place since.
    """
    name = request.url_vars["name"]
    if name not in catalogue.held:
        return await page(datasette, request, "not_found.html", status=404)
    etag = f'"{catalogue.held.sha256(name)}"'
    if etag in request.headers.get("if-none-match", ""):
        return Response("", status=304, headers={"etag": etag})
    # a part of another release's file would not fit to what is there already
    is_same = request.headers.get("if-range", etag) == etag
    # RFC 9110 14.2: a range is of GET alone
    asked = request.headers.get("range", "") if is_same and request.method == "GET" else ""
    size = catalogue.held.size(name)
    try:
        part = part_of(asked, size)
    except Unsatisfiable:
        headers = {"content-range": f"bytes */{size}", "accept-ranges": "bytes"}
        return Response("", status=416, headers=headers)
    return FileResponse(catalogue.held, name, part, sends_body=request.method == "GET")


class FileResponse:
    """A file, a part of it, or its head, sent in pieces, with the file's digest as ETag."""

    def __init__(
        self, held: HeldRelease, name: str, part: range | None = None, *, sends_body: bool = True
    ) -> None:
        self.sends_body = sends_body
        self.held = held
        self.name = name
        self.part = part if part is not None else range(held.size(name))
        self.status = 200 if part is None else 206
        self.headers = {
            "content-type": KINDS.get(Path(name).suffix, "application/octet-stream"),
            "content-disposition": f'attachment; filename="{Path(name).name}"',
            "content-length": str(len(self.part)),
            "accept-ranges": "bytes",
            "etag": f'"{held.sha256(name)}"',
        }
        if part is not None:
            whole = held.size(name)
            self.headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{whole}"

    async def asgi_send(self, send: Any) -> None:
        """Send it."""
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        start, end = self.part.start, self.part.stop if self.sends_body else self.part.start
        while piece := self.held.piece(self.name, start, min(CHUNK_BYTES, end - start)):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            start += len(piece)
        await send({"type": "http.response.body", "body": b""})
