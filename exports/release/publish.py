"""Make one release of a registry: snapshot, files beside it, delta, manifest; all or nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, Select
from sqlmodel import Session

from codes.china_time import today
from codes.errors import UsageError
from codes.statuses import off_register
from exports.release.allow_list import AllowList, PublicTable, allow_list
from exports.release.book_rows import (
    BOOKS,
    book_rows,
    dictionary_rows,
    division_rows,
    outline_rows,
)
from exports.release.delta import write_delta
from exports.release.delta_steps import DELTA
from exports.release.directory import check_target, replacing
from exports.release.field_rows import YES_NO
from exports.release.files import write_files
from exports.release.manifest import FORMAT, MANIFEST, Manifest, describe, spec_version
from exports.release.opinion_rows import answer_rows
from exports.release.place_rows import neighbour_rows, population_rows
from exports.release.progress import Progress, Work
from exports.release.registry_copy import copier, read_rows
from exports.release.registry_rows import RegistryRows, recorded
from exports.release.result_rows import result_rows
from exports.release.snapshot import Snapshot
from registry.db import reading
from registry.synthetic.mark import is_synthetic

SNAPSHOT: Final = "fuwuma.sqlite"
COUNTY_DIGITS: Final = 6
ABOUT_FILE: Final = Path(__file__).parent / "about.toml"


def publish(
    engine: Engine,
    directory: Path | str,
    *,
    on: date | None = None,
    synthetic: bool = False,
    inbox: Path | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Publish the registry as on the day `on` (default today) into `directory`.

    `synthetic` marks the release as made-up data, on every page of the site too; a registry that
    was filled with such data is marked without asking. The same data and day give the same bytes.
    From the `inbox` of opinions come the answers that were chosen to be published.
    Raises UsageError for a day to come, StoreError when the directory holds something else than a
    release or the registry cannot be read.
    """
    on = on or today()
    if on > today():
        raise UsageError("release.day_to_come", seen=on.isoformat(), today=today().isoformat())
    target = Path(directory)
    check_target(target)
    with reading(engine) as session:
        synthetic = synthetic or is_synthetic(session)
        expected = recorded(session)
    work = Work(progress or _silent, expected["facility"])
    with replacing(target) as building:
        release = _Release(engine, building, on, synthetic, inbox, work, expected)
        return release.make(target if (target / MANIFEST).is_file() else None)


class _Release:
    """One release in the making, in its hidden directory."""

    def __init__(
        self,
        engine: Engine,
        building: Path,
        on: date,
        synthetic: bool,
        inbox: Path | None,
        work: Work,
        expected: dict[str, int],
    ) -> None:
        self.engine = engine
        self.building = building
        self.on = on
        self.inbox = inbox
        self.work = work
        self.expected = expected
        self.listed: AllowList = allow_list()
        self.counts: dict[str, int] = {}
        self.about = about = tomllib.loads(ABOUT_FILE.read_text(encoding="utf-8"))
        self.facts: dict[str, Any] = {
            "format": FORMAT,
            "release_date": on.isoformat(),
            "spec_version": spec_version(),
            "synthetic": synthetic,
            "licence": about["licence"],
            "source": about["source"]["synthetic" if synthetic else "registered"],
        }

    def make(self, before: Path | None) -> Manifest:
        working = self.building / "working.sqlite"
        packed = self.building / SNAPSHOT
        with Snapshot(working) as snapshot:
            for table in self.listed.tables.values():
                snapshot.create(table)
            # one session: figures loaded while the facilities are read belong to the next release
            with reading(self.engine) as session:
                self._registry_tables(session, snapshot)
                self._book_tables(session, snapshot)
            self.work.begin("indexes")
            for table in self.listed.tables.values():
                snapshot.index(table)
            self.work.begin("search")
            snapshot.index_text()
            self.work.begin("pack")
            snapshot.pack(packed)
        working.unlink()
        self.work.begin("delta")
        write_delta(self.building / DELTA, packed, before, self.facts, off_register())
        self.work.begin("files")
        facts = self.facts | {"licence_url": self.about["licence_url"]}
        write_files(self.building, packed, self.listed, facts, self.counts, self.work)
        return self._manifest()

    def _registry_tables(self, session: Session, snapshot: Snapshot) -> None:
        with copier(session, snapshot.path) as copying:
            for name, query in self._queries().items():
                self.work.begin(name)
                if copying:
                    self.counts[name] = copying.copy(self.listed.tables[name], query)
                else:
                    rows = read_rows(session, query)
                    rows = self.work.rows(rows, self.expected.get(name, 0))
                    self._fill(snapshot, name, rows)
        self.work.begin("evaluation")
        results = result_rows(self.listed.tables["indicator_result"], session, self.on)
        self._fill(snapshot, "indicator_result", results)

    def _queries(self) -> dict[str, Select[Any]]:
        rows = RegistryRows(self.engine.dialect.name, self.on)
        asked: dict[str, Callable[[PublicTable], Select[Any]]] = {
            "facility": rows.facilities,
            "capability_value": rows.capability_values,
            "identifier": rows.identifiers,
            "succession": rows.successions,
            "history": rows.history,
        }
        return {name: query_of(self.listed.tables[name]) for name, query_of in asked.items()}

    def _book_tables(self, session: Session, snapshot: Snapshot) -> None:
        self.work.begin("books")
        for name in BOOKS:
            self._fill(snapshot, name, book_rows(self.listed.tables[name]))
        division = self.listed.tables["division"]
        used = snapshot.divisions_used(self.listed)
        self._fill(snapshot, "division", division_rows(division, used, self.on))
        counties = [code for code in used if len(code) == COUNTY_DIGITS]
        self._fill(snapshot, "outline", outline_rows(counties))
        self._fill(snapshot, "neighbour", neighbour_rows(counties))
        self._population(session, snapshot)
        answers = answer_rows(
            self.listed.tables["opinion_answer"], self.inbox, self.on, snapshot.db
        )
        self._fill(snapshot, "opinion_answer", answers)
        self._fill(snapshot, "dictionary", dictionary_rows(self.listed))
        self._fill(snapshot, "release", self._release_rows())
        self.counts["total"] = snapshot.total()

    def _population(self, session: Session, snapshot: Snapshot) -> None:
        table = self.listed.tables["population"]
        listed = {code for (code,) in snapshot.db.execute("SELECT code FROM division")}
        self._fill(snapshot, "population", population_rows(table, session, listed, self.on))

    def _fill(self, snapshot: Snapshot, name: str, rows: Iterator[tuple[Any, ...]]) -> None:
        self.counts[name] = snapshot.fill(self.listed.tables[name], rows)

    def _release_rows(self) -> Iterator[tuple[str, str]]:
        source = self.facts["source"]
        flat = {**self.facts, "source_zh": source["zh"], "source_en": source["en"]}
        del flat["source"]
        flat["synthetic"] = YES_NO[flat["synthetic"]]
        yield from sorted((item, str(value)) for item, value in flat.items())

    def _manifest(self) -> Manifest:
        self.work.begin("manifest")
        written = sorted(path for path in self.building.rglob("*") if path.is_file())
        files = tuple(describe(self.building, path) for path in written)
        manifest = Manifest(**self.facts, counts=dict(sorted(self.counts.items())), files=files)
        manifest.write(self.building)
        self.work.end()
        return manifest


def _silent(_step: str, _done: int, _total: int) -> None:
    pass
