"""Outputs of commands never replace a file of a corpus or a release, not even with --force."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import inquit
from corpora import sample

from inquit.corpus import DataError
from inquit.corpus.outputs import refuse_output
from inquit.corpus.release import write_release


def files(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.is_file())


def test_no_file_of_a_corpus_or_release_is_an_output(tmp_path: Path) -> None:
    sample().write(tmp_path / "corpus")
    write_release(sample(), tmp_path / "release")
    found = [*files(tmp_path / "corpus"), *files(tmp_path / "release")]
    (tmp_path / "link").symlink_to(tmp_path / "corpus" / "documents.jsonl")
    new = tmp_path / "corpus" / "layers" / "new.jsonl"
    for path in (*found, tmp_path / "link", new):
        with pytest.raises(DataError, match="belongs to a corpus or a release"):
            refuse_output(path, force=True)


def test_other_files_are(tmp_path: Path) -> None:
    sample().write(tmp_path / "corpus")
    for path in (tmp_path / "corpus" / "page.html", tmp_path / "documents.jsonl"):
        path.write_text("old")
        refuse_output(path, force=True)
        with pytest.raises(DataError, match="exists"):
            refuse_output(path)


def test_the_folder_of_an_output_has_to_be_there(tmp_path: Path, capsys) -> None:
    sample().write(tmp_path / "corpus")
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "nope" / "page.html", tmp_path / "file" / "page.html"):
        ran = inquit(capsys, "corpus", "show", tmp_path / "corpus", "doc-dev", "--html", path)
        assert (ran.code, ran.out) == (1, "")
        assert f"{path}: cannot be written" in ran.err
    assert "its folder does not exist; make the folder" in ran.err or "Not a directory" in ran.err
    assert not (tmp_path / "nope").exists()


def test_show_does_not_overwrite_documents(tmp_path: Path, capsys) -> None:
    sample().write(tmp_path / "corpus")
    path = tmp_path / "corpus" / "documents.jsonl"
    before = path.read_bytes()
    for layer in ((), ("--layer", "gold")):
        arguments = [tmp_path / "corpus", "doc-dev", *layer, "--html", path, "--force"]
        ran = inquit(capsys, "corpus", "show", *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert f"{path}: belongs to a corpus or a release" in ran.err
    assert path.read_bytes() == before
