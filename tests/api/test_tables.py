"""Rules that are tables over the API, and what a price brings under them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.people.models import Person
from tests.api.calling import program, send
from tests.builders.jobs import an_open_job

pytestmark = pytest.mark.django_db

LEVY = {"name": "Tax withheld", "account": "tax:fbr:income", "country": "PK", "share": 1_000}


def test_operators_write_them_and_everybody_reads_them(olga: Person, eve: Person) -> None:
    path, asked = "/operator/rules/levies/rows", {"rows": [LEVY], "reason": "The law."}
    operator = program(olga, "operate")
    assert send(operator, "PUT", path, asked).said["rows"] == [LEVY]
    [shown] = [one for one in Client().get("/api/v1/rules").json()["tables"] if one["name"] == "levies"]
    assert shown["rows"] == [LEVY]
    wrong = send(operator, "PUT", path, asked | {"rows": [LEVY | {"share": "x"}]})
    assert (wrong.status_code, wrong.said["errors"][0]["field"]) == (422, "share-0")
    assert send(operator, "PUT", path.replace("levies", "worker_fee"), asked).status_code == 404
    assert send(program(eve), "PUT", path, asked).status_code == 403


def test_a_reckoning_names_every_deduction(olga: Person, amara: Person, bushra: Person) -> None:
    step = {"currency": "USD", "over": 5_000, "share": 100}
    for table, row in (("levies", LEVY), ("worker_fee_steps", step)):
        send(
            program(olga, "operate"),
            "PUT",
            f"/operator/rules/{table}/rows",
            {"rows": [row], "reason": "Law."},
        )
    job = an_open_job(amara, at=timezone.now())
    offered = {
        "price": {"amount": "110.00", "currency": "USD"},
        "delivery": (timezone.now() + timedelta(days=9)).date().isoformat(),
        "letter": "Dear Amara, I drew the sign of my uncle’s tea house.",
        "milestones": [],
    }
    said = send(program(bushra), "POST", f"/jobs/{job.pk}/reckonings", offered).said
    assert (said["fee"]["amount"], said["net"]["amount"]) == ("3.10", "95.90")
    assert [(one["over"]["amount"], one["fee_bp"]) for one in said["fee_steps"]] == [("50.00", 100)]
    [levied] = said["levied"]
    assert (levied["name"], levied["basis_points"], levied["sum"]["amount"]) == (
        "Tax withheld",
        1_000,
        "11.00",
    )
