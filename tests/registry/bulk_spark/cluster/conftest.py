"""One Spark for all these tests: a driver, and two workers in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.bulk.spark.session import Cluster, cluster

MASTER = "local-cluster[2,1,1024]"
"""Two workers of one core and 1,024 MB; they read and write the files themselves."""


@pytest.fixture(scope="session")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    import pyspark

    # workers leave their logs in SPARK_HOME, which is to stay as it was installed
    home = tmp_path_factory.mktemp("spark-home")
    for part in Path(pyspark.__file__).parent.iterdir():
        (home / part.name).symlink_to(part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(home))
        with cluster(MASTER) as opened:
            yield opened
