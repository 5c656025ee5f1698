"""What the one who serves a site chose for it: the inbox of opinions, the tiles under the map."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from datasette.app import Datasette

from codes.datums import DATUMS, UNKNOWN
from codes.errors import UsageError

TILE_DATUMS: Final = tuple(datum for datum in DATUMS if datum != UNKNOWN)
DATUM: Final = "CGCS2000"
"""What the data is in, and a map without tiles."""

_PLACES: Final = ("{z}", "{x}", "{y}")
_KNOWN: Final = re.compile(r"\{(z|x|y|s|r)\}")
_HOST: Final = re.compile(r"(\{s\}\.)?[A-Za-z0-9.-]+(:\d{1,5})?")
_UNFIT: Final = re.compile(r"[\s\"'<>;,{}\\]")


@dataclass(frozen=True)
class SiteOptions:
    """`inbox` empty means no form for opinions, `tiles` empty no tiles; all is plain text."""

    inbox: str = ""
    tiles: str = ""
    tiles_datum: str = DATUM
    tiles_credit: str = ""

    def __post_init__(self) -> None:
        _check_tiles(self.tiles)
        if self.tiles_datum not in TILE_DATUMS:
            known = ", ".join(TILE_DATUMS)
            raise UsageError("map.datum_unknown", seen=self.tiles_datum, known=known)
        if not self.tiles and (self.tiles_datum != DATUM or self.tiles_credit):
            raise UsageError("map.tiles_missing")

    @property
    def inbox_path(self) -> Path | None:
        """Where opinions go."""
        return Path(self.inbox) if self.inbox else None

    @property
    def image_source(self) -> str:
        """What the content security policy has to allow for the tiles, empty for our own host."""
        host = urlsplit(self.tiles.replace("{s}", "*")) if self.tiles else urlsplit("")
        return f"{host.scheme}://{host.netloc}" if host.netloc else ""

    def as_json(self) -> dict[str, Any]:
        """Return the options for a worker process."""
        return asdict(self)


def _check_tiles(tiles: str) -> None:
    """Raise UsageError unless it is an address of tiles that a page may safely hold."""
    if not tiles:
        return
    found = urlsplit(tiles)
    bare = _UNFIT.search(_KNOWN.sub("", tiles)) is None and all(one in tiles for one in _PLACES)
    ours = not found.netloc and tiles.startswith("/")
    theirs = found.scheme in ("http", "https") and _HOST.fullmatch(found.netloc) is not None
    if not bare or not (ours or theirs):
        raise UsageError("map.tiles_unfit", seen=tiles)


OPTIONS: Final[WeakKeyDictionary[Datasette, SiteOptions]] = WeakKeyDictionary()
PLAIN: Final = SiteOptions()


def options_of(datasette: Datasette) -> SiteOptions:
    """Return what was chosen for a site."""
    return OPTIONS.get(datasette, PLAIN)
