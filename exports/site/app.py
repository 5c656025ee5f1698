"""Put the site together: Datasette on the snapshot of a release, our plugin, our templates."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

from datasette.app import Datasette
from datasette.database import Database

from exports.release.publish import SNAPSHOT
from exports.site import plugin
from exports.site.catalogue import Catalogue, read_catalogue
from exports.site.held import HeldRelease, hold
from exports.site.metadata import datasette_metadata
from exports.site.options import OPTIONS, PLAIN, SiteOptions
from exports.site.settings import DATABASE, site_settings

HERE: Final = Path(__file__).parent
LONGEST_VALUE_BYTES: Final = 5_000_000
"""Nothing SQLite makes may be longer: stops `zeroblob` and its like."""

FOR_THE_MAP: Final = 1
"""Connections besides those of Datasette's threads."""


class SnapshotDatabase(Database):  # type: ignore[misc]
    """The snapshot of a release that is held, a file that never changes; any path will do."""

    def __init__(self, datasette: Datasette, held: HeldRelease) -> None:
        super().__init__(datasette, str(held.directory / SNAPSHOT), is_mutable=False)
        self.held = held

    def connect(self, write: bool = False) -> Any:
        """Open another connection; the snapshot is never written."""
        if write:
            raise PermissionError(self.path)
        connection = self.held.connect()
        connection.execute("PRAGMA query_only = 1")
        connection.execute("PRAGMA trusted_schema = 0")
        if hasattr(connection, "setlimit"):
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE_BYTES)
        self._all_file_connections.append(connection)
        return connection


def make_datasette(
    directory: Path, *, checked: bool = False, options: SiteOptions = PLAIN
) -> Datasette:
    """Return the Datasette of a release; `checked` when its files were compared already.

    Raises StoreError when the directory holds no release, or one whose files were changed.
    """
    held = hold(directory)
    if not checked:
        held.check()
    return datasette_of(read_catalogue(held), options)


def datasette_of(catalogue: Catalogue, options: SiteOptions = PLAIN) -> Datasette:
    """Return the Datasette of a release that is held; nothing is opened by its path later.

    Raises StoreError `site.release_replaced` when another release has taken its place already.
    """
    catalogue.held.open_ahead(site_settings().datasette["num_sql_threads"] + FOR_THE_MAP)
    datasette = Datasette(
        files=[],
        metadata=datasette_metadata(catalogue.columns),
        settings=site_settings().datasette,
        template_dir=str(HERE / "templates"),
        inspect_data={DATABASE: _counted(catalogue)},
    )
    datasette.remove_database("_memory")
    datasette.add_database(SnapshotDatabase(datasette, catalogue.held), name=DATABASE)
    OPTIONS[datasette] = options
    plugin.attach(datasette, catalogue)
    return datasette


def _counted(catalogue: Catalogue) -> dict[str, Any]:
    """Tell Datasette the sizes of the tables, which it would count anew at every start."""
    counts = catalogue.manifest.counts
    file = catalogue.manifest.file(SNAPSHOT)
    tables = {name: {"count": count} for name, count in counts.items()}
    return {"hash": file.sha256 if file else "", "tables": tables}


def make_app(directory: Path, *, checked: bool = False, options: SiteOptions = PLAIN) -> Any:
    """Return the whole site as an ASGI application."""
    return make_datasette(directory, checked=checked, options=options).app()


__all__ = ["Catalogue", "make_app", "make_datasette"]
