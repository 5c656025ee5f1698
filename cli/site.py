"""`fuwuma site serve DIR`: serve the site of a release."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import typer

from cli import context
from codes.errors import StoreError
from codes.messages import text

DEFAULT_PORT = 8001
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
) -> None:
    """Serve until interrupted."""
    from exports.site import serving

    serving.check_release(directory)
    listening = _listen(host, port)
    url = f"http://{host}:{listening.getsockname()[1]}/"
    if context.current.json:
        context.give({"url": url})
    else:
        context.say("site.serving", url=url)
    serving.serve(directory, listening, workers)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before saying that the site is up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        raise StoreError("site.port_taken", host=host, port=port, detail=error) from None
    return listening


def _group() -> None:
    pass
