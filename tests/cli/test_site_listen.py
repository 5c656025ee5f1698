"""The socket a site listens on."""

from __future__ import annotations

import socket

from cli.site import _listen


def test_small_answers_are_sent_without_waiting() -> None:
    """Asyncio sets TCP_NODELAY on no other: without it each answer waits 40 ms."""
    with _listen("127.0.0.1", 0) as listening:
        assert (listening.type, listening.proto) == (socket.SOCK_STREAM, socket.IPPROTO_TCP)
