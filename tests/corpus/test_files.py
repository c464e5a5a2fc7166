from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from generators import texts
from hypothesis import given, settings

from inquit.corpus import DataError
from inquit.corpus.files import (
    atomic_directory,
    atomic_file,
    file_name,
    refuse_to_replace,
    write_atomic,
)


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with pytest.raises(RuntimeError), atomic_file(path) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert list(path.parent.iterdir()) == []
    write_atomic(path, "whole\r\n")
    assert path.read_bytes() == b"whole\r\n"


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(DataError, match="exists; name another place or pass --force"):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    write_atomic(path, "new", force=True)
    assert path.read_text() == "new"
    with pytest.raises(DataError, match="is a directory"):
        write_atomic(tmp_path, "new", force=True)


def test_pipes_devices_and_links_are_not_replaced(tmp_path: Path) -> None:
    pipe, link, loose = (tmp_path / name for name in ("pipe", "link", "loose"))
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    loose.symlink_to(tmp_path / "nowhere")
    for path in (pipe, link, Path("/dev/null")):
        with pytest.raises(DataError, match="is no file but a device or a pipe; name a file"):
            write_atomic(path, "new", force=True)
    assert pipe.is_fifo() and link.is_symlink() and Path("/dev/null").is_char_device()
    with pytest.raises(DataError, match="exists; name another place or pass --force"):
        write_atomic(loose, "new")


@pytest.mark.parametrize("target", ["/proc/self/fd/1", "/dev/fd/1"])
def test_a_name_of_a_stream_is_not_replaced_where_it_leads_to_a_file(
    tmp_path: Path, target: str
) -> None:
    stream, link = tmp_path / "stdout", tmp_path / "link"
    stream.symlink_to(target)
    link.symlink_to(stream)
    for path in (stream, link):
        with pytest.raises(DataError, match="is no file but a device or a pipe; name a file"):
            write_atomic(path, "new", force=True)
    assert stream.is_symlink() and link.is_symlink()


def test_a_link_to_a_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_atomic(tmp_path / "link", "new", force=True)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "old"
    assert (tmp_path / "link").read_text(encoding="utf-8") == "new"


def test_files_and_directories_get_the_usual_rights(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        write_atomic(tmp_path / "a", "")
        with atomic_directory(tmp_path / "d", mark="m"):
            pass
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "d").stat().st_mode) == 0o755


@pytest.mark.parametrize("place", ["file/below", "name" * 100, "/proc/inquit"])
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / place
    with pytest.raises(DataError, match="cannot be written"):
        write_atomic(path, "x")
    with pytest.raises(DataError, match="cannot be written"), atomic_directory(path, mark="m"):
        pass


def test_a_directory_is_replaced_as_a_whole_or_stays(tmp_path: Path) -> None:
    path = tmp_path / "d"
    with atomic_directory(path, mark="m") as place:
        (place / "m").write_text("1")
        (place / "old").write_text("1")
    with pytest.raises(RuntimeError), atomic_directory(path, mark="m", force=True) as place:
        (place / "m").write_text("2")
        raise RuntimeError
    assert sorted(file.name for file in path.iterdir()) == ["m", "old"]
    with atomic_directory(path, mark="m", force=True) as place:
        (place / "m").write_text("3")
    assert [file.read_text() for file in path.iterdir()] == ["3"]
    assert [file.name for file in tmp_path.iterdir()] == ["d"]


def test_a_directory_that_is_not_ours_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "x").write_text("x")
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name, reason in (
        ("theirs", "has no m, so it was not made by inquit"),
        ("file", "exists and is not a directory"),
        ("link", "exists and is not a directory"),
    ):
        with pytest.raises(DataError, match=reason):
            refuse_to_replace(tmp_path / name, mark="m", force=True)
    refuse_to_replace(tmp_path / "empty", mark="m")


@settings(deadline=None)
@given(texts(min_size=1))
def test_a_file_name_stays_in_its_directory_and_can_be_made(doc_id: str) -> None:
    name = file_name(doc_id, ".txt")
    assert name.isascii()
    assert name.endswith(".txt")
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.startswith(".")
    assert len(name) <= 200


def test_file_names_are_unique() -> None:
    ids = ["a/b", "a%2Fb", "a%252Fb", "a.b", "a%2Eb", "..", "%2E%2E", ".", "a" * 300, "a" * 301]
    ids += ["ü" * 60, "ü" * 61, "ü" * 40 + "a", "ü" * 40 + "b"]
    assert len({file_name(doc_id, ".txt") for doc_id in ids}) == len(ids)
