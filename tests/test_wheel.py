"""The wheel carries everything the program reads: it is built, unpacked and run on its own."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("codes", "registry", "exports", "cli", "migrations")


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *PACKAGES, "pyproject.toml", "README.md", "LICENSE"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).exists()]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # a copy: two workers must not build in one folder
    for path in _tracked():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, source / path)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = folder.glob("fuwuma-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_every_tracked_file_of_the_packages_is_in_the_wheel(unpacked: Path) -> None:
    listed = [path for path in _tracked() if path.startswith(PACKAGES)]
    assert len(listed) > 100
    assert [path for path in listed if not (unpacked / path).exists()] == []


def test_the_unpacked_wheel_runs_by_itself(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "FUWUMA_LANG": "zh"}
    program = "import cli.main, sys; print(cli.main.__file__); cli.main.main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, "init", "--db", "x.db"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(unpacked))
    assert (tmp_path / "x.db").exists()
