"""Serve a site over HTTP, with one process or several on one port."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from codes.errors import StoreError
from codes.messages import text
from exports.site.app import datasette_of
from exports.site.catalogue import read_catalogue
from exports.site.held import digest_at, hold
from exports.site.options import PLAIN, SiteOptions
from exports.site.orphans import end_with_parent

LOG: Final = logging.getLogger("fuwuma.site")
RELEASE: Final = "FUWUMA_SITE_RELEASE"
"""Tells a worker process which release to serve."""

DIGEST: Final = "FUWUMA_SITE_DIGEST"
"""Tells it the digest of that release; one it finds with another has not been checked."""

CHOSEN: Final = "FUWUMA_SITE_OPTIONS"
"""Tells it what was chosen for the site, as JSON."""

OPTIONS: Final[dict[str, Any]] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "http": "h11",
    "h11_max_incomplete_event_size": 16_384,
}
"""How uvicorn serves; the head of a request may be as long as most proxies let it be."""

Serve = Callable[[socket.socket], None]


def prepare(directory: Path, workers: int = 1, options: SiteOptions = PLAIN) -> Serve:
    """Check a release; return what serves it on a socket until interrupted.

    Raises StoreError unless the directory holds a whole release that this program can show. What
    is returned raises `site.release_replaced` when no worker is left to show the one checked.
    """
    held = hold(directory)
    held.check()
    catalogue = read_catalogue(held)
    if workers == 1:
        return partial(_serve_alone, datasette_of(catalogue, options).app())
    return partial(_serve_by_workers, directory.resolve(), held.digest, workers, options)


def _serve_alone(app: Any, listening: socket.socket) -> None:
    uvicorn.Server(uvicorn.Config(app, **OPTIONS)).run(sockets=[listening])


def _serve_by_workers(
    directory: Path, digest: str, workers: int, options: SiteOptions, listening: socket.socket
) -> None:
    os.environ[RELEASE], os.environ[DIGEST] = str(directory), digest
    os.environ[CHOSEN] = json.dumps(options.as_json())
    config = uvicorn.Config(f"{__name__}:app_of_worker", factory=True, workers=workers, **OPTIONS)
    supervisor = Workers(config, [listening], directory, digest)
    supervisor.run()
    if not supervisor.processes:
        raise StoreError("site.release_replaced", path=directory)


class Workers(Multiprocess):
    """Starts a worker again that has died, unless it would come back with another release."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], directory: Path, digest: str
    ) -> None:
        super().__init__(config, sockets)
        self.directory, self.digest = directory, digest

    def keep_subprocess_alive(self) -> None:
        """Look after the workers; called twice a second."""
        alive = [one for one in self.processes if one.process.is_alive()]
        if len(alive) < len(self.processes) and digest_at(self.directory) != self.digest:
            self.processes[:] = alive
            if not alive:
                self.should_exit.set()
                return
            LOG.error("%s", text("site.worker_not_replaced", path=self.directory))
        super().keep_subprocess_alive()


def app_of_worker() -> Any:
    """Make the application in a worker process; end it with a sentence where that cannot be."""
    end_with_parent()
    directory = Path(os.environ[RELEASE])
    try:
        held = hold(directory)
        if held.digest != os.environ[DIGEST]:
            raise StoreError("site.release_replaced", path=directory)
        options = SiteOptions(**json.loads(os.environ[CHOSEN]))
        return datasette_of(read_catalogue(held), options).app()
    except StoreError as error:
        if digest_at(directory) != os.environ[DIGEST]:
            raise SystemExit(StoreError.exit_code) from None  # the one who started it says why
        LOG.error("%s", error)
        raise SystemExit(STARTUP_FAILURE) from None
