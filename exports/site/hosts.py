"""The host a visitor asks: what may be written back into an answer."""

from __future__ import annotations

import re
from typing import Final

from exports.site.answers import Scope

_READABLE: Final = re.compile(
    rb"[A-Za-z0-9._-]{0,253}(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{1,5})?"
)
"""A name or an address, and perhaps a port (RFC 3986, 3.2.2); names are 253 characters at most."""


def host_is_readable(scope: Scope) -> bool:
    """Say whether the Host of a request is one; a request without one is let in."""
    return _READABLE.fullmatch(_given(scope)) is not None


def host_of(scope: Scope) -> str:
    """Return scheme and host: Datasette writes whole addresses into JSON, of its visitor's host."""
    return f"{scope.get('scheme')} {_given(scope).decode('latin-1')}"


def _given(scope: Scope) -> bytes:
    host: bytes = dict(scope["headers"]).get(b"host", b"")
    return host
