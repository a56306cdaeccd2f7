"""Who comes into the sample hall, when, and what they say of themselves."""

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password

from guildhall.demo.clock import Diary
from guildhall.demo.sampling import SamplePerson, clients, skills_of, words, workers
from guildhall.escrow.fees import LEVIES, WORKER_FEE_STEPS
from guildhall.kernel.money import Money
from guildhall.kernel.rules import set_table
from guildhall.people.actions import create_operator, edit_person, join_hall, set_roles
from guildhall.people.models import Person
from guildhall.skills.queries import skills_by_names
from guildhall.talent.actions import ProfileDraft, save_profile

PASSWORD: Final = "guildhall-demo"  # noqa: S105 - it is printed for everybody
_NATIVE: Final = {
    "PK": "ur", "IN": "hi", "BD": "bn", "PH": "tl", "KE": "sw", "TZ": "sw", "EG": "ar", "MA": "ar",
    "PS": "ar", "LB": "ar", "UA": "uk", "RO": "ro", "RS": "sr", "GE": "ka", "KZ": "kk", "MX": "es",
    "CO": "es", "AR": "es", "PE": "es", "BR": "pt", "VN": "vi", "ID": "id", "LK": "si", "NP": "ne",
    "ET": "am", "RW": "rw", "SN": "fr", "CN": "zh", "AF": "fa", "NG": "ha", "GH": "ak",
}  # fmt: skip


@dataclass(slots=True)
class Town:
    """The people of the sample hall."""

    operator: Person
    second_operator: Person
    adjudicator: Person
    clients: list[Person] = field(default_factory=list)
    workers: list[Person] = field(default_factory=list)
    area_of: dict[object, str] = field(default_factory=dict)
    """What each worker does, by person id."""

    def named(self, name: str) -> Person:
        """Somebody by name."""
        return next(person for person in (*self.clients, *self.workers) if person.name == name)

    def workers_for(self, area: str) -> list[Person]:
        """Who works in an area."""
        return [person for person in self.workers if self.area_of[person.id] == area]


@dataclass(slots=True)
class Year:
    """The chance, the diary and the people of the sample year: what every part of it needs."""

    draw: random.Random
    diary: Diary
    town: Town
    paid_before: set[UUID] = field(default_factory=set)
    """Who has named a bank account."""


def arrive(draw: random.Random, diary: Diary) -> Town:
    """Let everybody in during the year's first days.

    One password hash serves all of them: each costs a third of a second.
    """
    password_hash = make_password(PASSWORD)
    at = diary.now
    olga = create_operator(email="olga@example.org", name="Olga Lind", password=PASSWORD, at=at)
    oskar = join_hall(email="oskar@example.org", name="Oskar Lind", password_hash=password_hash, at=at)
    dalia = join_hall(
        email="dalia@example.org", name="Dalia Haddad", country="JO", password_hash=password_hash, at=at
    )
    set_roles(person=dalia, is_operator=False, is_adjudicator=True, by=olga, at=at)
    set_roles(person=oskar, is_operator=True, is_adjudicator=False, by=olga, at=at)
    _write_tables(olga, at)
    town = Town(operator=olga, second_operator=oskar, adjudicator=dalia)
    short = {"Amara Okafor", "Bushra Karim"}
    for sample in [*clients(), *workers()]:
        at += timedelta(minutes=draw.randint(5, 120))
        person = _join(sample, sample.given if sample.name in short else sample.name, password_hash, at)
        if sample.area:
            town.workers.append(person)
            town.area_of[person.id] = sample.area
            _offer(draw, person, sample, at)
        else:
            town.clients.append(person)
    diary.now = at
    return town


def _write_tables(operator: Person, at: datetime) -> None:
    """Rules that are tables: a levy on workers in one country, and steps for a currency that few use."""
    withheld = {"name": "Withholding tax", "account": "tax:ke:withholding", "country": "KE", "share": 500}
    step = {"currency": "EUR", "over": 100_000, "share": 300}
    set_table(name=LEVIES.name, rows=[withheld], reason="The law in Kenya.", by=operator.pk, at=at)
    pound = {"currency": "GBP", "to": "PKR", "per": 100, "gives": 35_000, "spread": 100, "most": 50_000}
    dollar = {"currency": "USD", "to": "PKR", "per": 100, "gives": 28_000, "spread": 100, "most": 50_000}
    rates = [pound, dollar]
    set_table(name="exchange_rates", rows=rates, reason="Our bank’s rates.", by=operator.pk, at=at)
    set_table(
        name=WORKER_FEE_STEPS.name, rows=[step], reason="Those who stay pay less.", by=operator.pk, at=at
    )


def _join(sample: SamplePerson, address: str, password_hash: str, at: datetime) -> Person:
    person = join_hall(
        email=f"{_plain(address)}@example.org",
        name=sample.name,
        country=sample.country,
        password_hash=password_hash,
        at=at,
    )
    return edit_person(
        by=person,
        name=sample.name,
        country=sample.country,
        town=sample.town,
        language="en",
        timezone=sample.timezone,
        at=at,
    )


def _offer(draw: random.Random, person: Person, sample: SamplePerson, at: datetime) -> None:
    titles, overviews = words("title"), words("overview")
    wanted = skills_of(sample.area)
    skills = skills_by_names(draw.sample(wanted, min(len(wanted), draw.randint(3, 6)))).skills
    save_profile(
        by=person,
        draft=ProfileDraft(
            handle=_plain(sample.name).replace(".", "-"),
            title=draw.choice(titles[sample.area]),
            overview=overviews[sample.area],
            rate=Money(draw.randrange(400, 2_800, 50), "USD"),
            languages=["en", _NATIVE[sample.country]],
            skills=[skill.id for skill in skills],
        ),
        at=at,
    )


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ascii_only.lower().replace(" ", ".").replace("’", "")
