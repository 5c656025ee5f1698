"""Leaflet, as a package brings it: nothing of it is kept here."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

PACKAGE: Final = "js_lib_leaflet"
NAMES: Final = ("leaflet.js", "leaflet.css")


def leaflet_files() -> dict[str, bytes]:
    """Return the script and the style sheet of Leaflet by name."""
    folder = files(PACKAGE) / "static" / PACKAGE
    return {name: (folder / name).read_bytes() for name in NAMES}
