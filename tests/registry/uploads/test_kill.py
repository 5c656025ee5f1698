"""The power goes in the middle of an approval: nothing of it is there afterwards."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import Engine, func, inspect
from sqlmodel import select

from registry.db import open_registry, reading
from registry.tables import AuditEntry, CapabilityValue, Facility, FacilityVersion
from registry.uploads.approve import approve
from registry.uploads.summary import summary
from registry.verify import verify
from tests.registry.uploads.conftest import TODAY, Send, row

STOP_INSIDE = """
import sys, time
from datetime import date
from importlib import import_module
from registry import index_building
from registry.db import open_registry
from registry.uploads import approve

def stop(*_):
    print("inside", flush=True)
    time.sleep(60)

index_building.limit = lambda name: 1
setattr(import_module(sys.argv[3]), sys.argv[4], stop)
approve.approve(open_registry(sys.argv[1]), int(sys.argv[2]), by="李四", today=date(2026, 11, 22))
"""


def _indexes(engine: Engine) -> set[str | None]:
    return {one["name"] for one in inspect(engine).get_indexes("facility_version")}


@pytest.mark.parametrize(
    ("module", "step"),
    [
        ("registry.facilities.register_batch", "_write_batch"),  # indexes are taken down by then
        ("registry.uploads.approve", "apply_changes"),
        ("registry.uploads.approve", "_decide"),
    ],
)
def test_killed_in_the_middle_of_an_approval(
    module: str, step: str, registry: Engine, registry_url: str, send: Send
) -> None:
    upload_id = int(send(*(row(name=f"第{n}示例园") for n in range(300))).id or 0)
    indexes = _indexes(registry)
    registry.dispose()
    arguments = [sys.executable, "-c", STOP_INSIDE, registry_url, str(upload_id), module, step]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "inside\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    again = open_registry(registry_url)
    assert _indexes(again) == indexes
    try:
        with reading(again) as session:
            counts = [
                session.exec(select(func.count()).select_from(table)).one()
                for table in (Facility, FacilityVersion, CapabilityValue, AuditEntry)
            ]
            assert counts == [0, 0, 0, 1]
            assert summary(session, upload_id).status == "submitted"
        assert approve(again, upload_id, by="李四", today=TODAY).created == 300
        with reading(again) as session:
            assert verify(session).faults == ()
    finally:
        again.dispose()
