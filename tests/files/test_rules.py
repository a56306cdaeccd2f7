"""Names are cleaned, kinds are read from the content, and what runs is refused."""

import pytest

from guildhall.files.rules import cleaned_name, is_runnable, keeps_its_promise, kind_of, served_kind


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("sign-v2.svg", "sign-v2.svg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\b\\logo.png", "logo.png"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("  .hidden ", "hidden"),
        ("...", "file"),
        ("", "file"),
        ("کاغذ.pdf", "کاغذ.pdf"),
        ("x" * 200 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_D14_a_name_keeps_neither_path_nor_invisible_marks(given: str, kept: str) -> None:
    assert cleaned_name(given) == kept


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.pdf", b"%PDF-1.7\n1 0 obj", "application/pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
        ("a.txt", b"Two rooms and a kitchen.", "text/plain"),
        ("a.txt", "چھ کمرے".encode(), "text/plain"),
        ("a.png", b"<!DOCTYPE html><script>alert(1)</script>", "text/html"),
        ("a.svg", b"<?xml version='1.0'?><svg xmlns='x'/>", "image/svg+xml"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 40, "application/zip"),
        (
            "a.docx",
            b"PK\x03\x04" + b"\0" * 40,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("a.bin", bytes(range(256)), "application/octet-stream"),
    ],
)
def test_the_content_says_what_a_file_is(name: str, head: bytes, kind: str) -> None:
    assert kind_of(name=name, head=head) == kind


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xml", "text/javascript"])
def test_markup_is_served_without_a_name(kind: str) -> None:
    assert served_kind(kind) == "application/octet-stream"


@pytest.mark.parametrize("kind", ["image/png", "text/plain", "application/pdf"])
def test_harmless_kinds_keep_their_name(kind: str) -> None:
    assert served_kind(kind) == kind


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("photo.jpg", b"MZ\x90\0"),
        ("tool", b"\x7fELF\x02"),
        ("run.ps1", b"Get-Process"),
        ("sums.xlsm", b"PK\x03\x04"),
    ],
)
def test_what_runs_is_known_by_content_or_name(name: str, head: bytes) -> None:
    assert is_runnable(name=name, head=head)


def test_an_archive_of_sources_does_not_run() -> None:
    assert not is_runnable(name="site.zip", head=b"PK\x03\x04")


def test_a_name_that_promises_a_format_must_keep_it() -> None:
    assert keeps_its_promise(name="plan.pdf", head=b"%PDF-1.4")
    assert not keeps_its_promise(name="plan.pdf", head=b"hello")
    assert keeps_its_promise(name="plan.sketch", head=b"hello")
