"""`fuwuma site serve DIR`: serve the site of a release."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import typer

from cli import context
from codes.errors import StoreError, UsageError
from codes.messages import text
from codes.system_errors import reason_of

DEFAULT_PORT = 8001
LAST_PORT = 65_535
BACKLOG = 2048
"""Visitors that may wait while the site starts."""


def add_to(root: typer.Typer) -> None:
    """Hang the group on the root."""
    group = typer.Typer(help=text("site.help.site"), no_args_is_help=True)
    group.command("serve", help=text("site.help.serve"))(serve)
    group.callback()(_group)
    root.add_typer(group, name="site")


def serve(
    directory: Annotated[Path, typer.Argument(help=text("site.help.directory"))],
    port: Annotated[int, typer.Option("--port", help=text("site.help.port"))] = DEFAULT_PORT,
    host: Annotated[str, typer.Option("--host", help=text("site.help.host"))] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help=text("site.help.workers"))
    ] = 1,
    inbox: Annotated[
        Path | None, typer.Option("--inbox", help=text("opinion.help.inbox_serve"))
    ] = None,
    tiles: Annotated[str, typer.Option("--tiles", metavar="URL", help=text("map.help.tiles"))] = "",
    tiles_datum: Annotated[
        str, typer.Option("--tiles-datum", help=text("map.help.tiles_datum"))
    ] = "CGCS2000",
    tiles_credit: Annotated[
        str, typer.Option("--tiles-credit", help=text("map.help.tiles_credit"))
    ] = "",
) -> None:
    """Serve until interrupted."""
    from exports.site import serving
    from exports.site.options import SiteOptions

    if not 0 <= port <= LAST_PORT:
        raise UsageError("site.port_unusable", port=port)
    if not directory.exists():
        raise StoreError("site.no_directory", path=directory)
    letters = str(inbox.resolve()) if inbox else ""
    options = SiteOptions(letters, tiles, tiles_datum.upper(), tiles_credit)
    serve_on = serving.prepare(directory, workers, options)
    if inbox:
        from registry.opinions.inbox import create_inbox

        create_inbox(inbox)
    listening = _listen(host, port)
    url = f"http://{host}:{listening.getsockname()[1]}/"
    if context.current.json:
        context.give({"url": url})
    else:
        context.say("site.serving", url=url)
    serve_on(listening)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before saying that the site is up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # the protocol is said, for only then are small answers sent without waiting (TCP_NODELAY)
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise StoreError("site.port_taken", host=host, port=port, detail=reason_of(error)) from None
    return listening


def _group() -> None:
    pass
