"""Which Datasettes of this process are sites of ours, and what each shows."""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

from datasette.app import Datasette

from exports.site.catalogue import Catalogue

SITES: Final[WeakKeyDictionary[Datasette, Catalogue]] = WeakKeyDictionary()
