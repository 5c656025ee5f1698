from tests.generate import ROOT, generated


def test_every_generated_file_is_fresh() -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, content in generated()
        if not path.exists() or path.read_bytes() != content
    ]
    assert not stale, f"run `make docs`: {stale}"
