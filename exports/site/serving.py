"""Serve a site over HTTP, with one process or several on one port."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.supervisors import Multiprocess

from exports.release.manifest import check_files, read_manifest
from exports.site.app import make_app
from exports.site.options import PLAIN, SiteOptions

RELEASE: Final = "FUWUMA_SITE_RELEASE"
"""Tells a worker process which release to serve."""

CHOSEN: Final = "FUWUMA_SITE_OPTIONS"
"""Tells it what was chosen for the site, as JSON."""

OPTIONS: Final[dict[str, Any]] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
}


def serve(
    directory: Path, listening: socket.socket, workers: int, options: SiteOptions = PLAIN
) -> None:
    """Serve until interrupted; the port is taken already. The release was checked before."""
    if workers == 1:
        app = make_app(directory, checked=True, options=options)
        server = uvicorn.Server(uvicorn.Config(app, **OPTIONS))
        server.run(sockets=[listening])
        return
    os.environ[RELEASE] = str(directory.resolve())
    os.environ[CHOSEN] = json.dumps(options.as_json())
    config = uvicorn.Config(f"{__name__}:app_of_worker", factory=True, workers=workers, **OPTIONS)
    Multiprocess(config, sockets=[listening]).run()


def check_release(directory: Path) -> None:
    """Raise StoreError unless the directory holds a whole release, so that serving can begin."""
    check_files(directory, read_manifest(directory))


def app_of_worker() -> Any:
    """Make the application in a worker process."""
    options = SiteOptions(**json.loads(os.environ[CHOSEN]))
    return make_app(Path(os.environ[RELEASE]), checked=True, options=options)
