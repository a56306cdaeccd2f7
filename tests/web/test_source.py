"""Whoever uses the hall can have its source, as the licence wants it."""

import io
import tarfile
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

import guildhall
from guildhall.config.environment import read_environment
from guildhall.config.trouble import Trouble

pytestmark = pytest.mark.django_db
ROOT = Path(guildhall.__file__).resolve().parents[1]


@pytest.mark.parametrize("address", ["/", "/jobs", "/help", "/account/sign-in", "/no/such/page"])
def test_every_page_offers_the_source(client: Client, address: str) -> None:
    footer = client.get(address).content.decode().partition("<footer>")[2]
    assert f'<a href="{settings.GUILDHALL_SOURCE_URL}">Source</a>' in footer


def test_the_archive_holds_what_this_hall_runs_from_and_nothing_else(client: Client) -> None:
    said = client.get("/source").content.decode()
    assert "GNU Affero General Public License" in said
    answer = client.get("/source/guildhall-source.tar.gz")
    assert answer["Content-Type"] == "application/gzip"
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        names = {name.removeprefix("guildhall-source/") for name in tar.getnames()}
        own = tar.extractfile("guildhall-source/guildhall/web/source.py")
        assert own is not None
        assert own.read() == (ROOT / "guildhall/web/source.py").read_bytes()
    assert {"LICENSE", "LICENSES/Apache-2.0.txt", "README.md", "run.py", "pyproject.toml"} <= names
    for path in (ROOT / "guildhall").rglob("*.html"):
        assert str(path.relative_to(ROOT)) in names
    assert not {name.partition("/")[0] for name in names} & {"var", ".venv", ".git", "home"}
    assert not [name for name in names if "__pycache__" in name]


def test_it_can_be_offered_elsewhere(tmp_path: Path) -> None:
    told = {"GUILDHALL_HOME": str(tmp_path)}
    assert read_environment(told).source_url == "/source"
    elsewhere = "https://code.example.org/our-hall"
    assert read_environment({**told, "GUILDHALL_SOURCE_URL": elsewhere}).source_url == elsewhere
    for wrong in ("javascript:alert(1)", "our-hall", "https://", "//code.example.org", "http://[x"):
        with pytest.raises(Trouble, match="GUILDHALL_SOURCE_URL"):
            read_environment({**told, "GUILDHALL_SOURCE_URL": wrong})


def test_a_wheel_carries_every_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "AGPL-3.0-or-later AND Apache-2.0 AND OFL-1.1"  # the last: the fonts
    carried = {path.name for pattern in project["license-files"] for path in ROOT.glob(pattern)}
    assert carried == {"LICENSE", "Apache-2.0.txt", "OFL-1.1.txt"}
