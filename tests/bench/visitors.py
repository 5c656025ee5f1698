"""A site served by a process of its own, and visitors who ask it for pages at the same time."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
STARTING_SECONDS: Final = 120
CONNECTIONS: Final = 8


@contextmanager
def served(release: Path, workers: int = 1) -> Iterator[int]:
    """Give the port on which `fuwuma site serve` shows a release."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    options = [str(release), "--port", str(port), "--workers", str(workers)]
    command = [sys.executable, "-c", "from cli.main import main; main()", "site", "serve", *options]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def seconds(port: int, paths: Sequence[str], connections: int = CONNECTIONS) -> list[float]:
    """Return the seconds each answer took, least first, asked over so many connections."""
    left = iter(paths)

    def visitor(_number: int) -> list[float]:
        took = []
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        for path in left:
            started = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - started)
            assert answer.status == 200, (path, answer.status)
        connection.close()
        return took

    with ThreadPoolExecutor(connections) as pool:
        return sorted(one for took in pool.map(visitor, range(connections)) for one in took)


def percentile(took: Sequence[float], part: float) -> float:
    """Return in milliseconds what that part of the answers took at most."""
    return 1000 * took[min(int(len(took) * part), len(took) - 1)]


def _wait(port: int) -> None:
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        try:
            seconds(port, ["/about"], 1)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(port)
