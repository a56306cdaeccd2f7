"""The paper: both languages, the address behind its square, and the signed text inside."""

import io

import pypdf
import pytest

from guildhall.documents import pdf
from guildhall.earnings.drawing import address_of, pdf_of_certificate
from guildhall.earnings.models import Certificate
from guildhall.earnings.queries import signed_text_of, verdict_on_text
from guildhall.earnings.rules import Said, Standing, code_in_groups
from guildhall.earnings.words import LANGUAGES, both_of
from guildhall.people.models import Person
from tests.builders.certificates import MARCH, a_certificate, earned
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def read(certificate: Certificate) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf_of_certificate(certificate)))


def text_of(paper: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in paper.pages)


def links_of(paper: pypdf.PdfReader) -> set[str]:
    return {
        str(note.get_object()["/A"]["/URI"])
        for page in paper.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    }


def test_the_square_leads_to_the_page_that_checks_it(bushra: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    paper = read(certificate)
    assert links_of(paper) == {address_of(certificate.code)}
    assert code_in_groups(certificate.code) in text_of(paper)


def test_the_signed_text_is_inside_and_can_be_copied_off_the_page(amara: Person, bushra: Person) -> None:
    earned(amara, bushra, 10_000, NOW)
    certificate = a_certificate(bushra, at=MARCH)
    paper = read(certificate)
    [inside] = paper.attachments["signed.txt"]
    assert inside.decode() == signed_text_of(certificate)
    printed = text_of(paper).partition(f"key {certificate.key.name}:")[2].partition("\n1 /")[0]
    assert verdict_on_text(printed, at=MARCH).standing == Standing.VALID


def test_it_says_the_same_in_both_languages_and_amounts_only_with_consent(
    amara: Person, bushra: Person
) -> None:
    earned(amara, bushra, 10_000, NOW)
    said = Said.read(a_certificate(bushra, at=MARCH).body)
    english, urdu = both_of(said)
    assert (english.language, urdu.language) == ("en", "ur")
    assert len(english.facts) == len(urdu.facts)
    for (_name, value), (_other, same) in zip(english.facts, urdu.facts, strict=True):
        assert sorted(filter(str.isdigit, value)) == sorted(filter(str.isdigit, same))
    with_amounts = text_of(read(a_certificate(bushra, at=MARCH, language="en")))
    assert "95.00 USD" in with_amounts
    without = text_of(read(a_certificate(bushra, at=MARCH, language="en", with_amounts=False)))
    assert "USD" not in without
    assert "has chosen not to state amounts" in without


def test_every_word_of_it_can_be_drawn(bushra: Person) -> None:
    for language in LANGUAGES:
        said = Said.read(a_certificate(bushra, at=MARCH, language=language).body)
        for side in both_of(said):
            words = [side.heading, side.check, *side.notes, *(word for fact in side.facts for word in fact)]
            for word in words:
                assert "\N{REPLACEMENT CHARACTER}" not in pdf.drawable(word)


def test_a_hall_without_a_bank_says_so_on_the_paper(bushra: Person) -> None:
    paper = text_of(read(a_certificate(bushra, at=MARCH, language="en")))
    assert "practice money" in paper


def test_the_same_certificate_is_always_the_same_bytes(bushra: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    assert pdf_of_certificate(certificate) == pdf_of_certificate(certificate)
