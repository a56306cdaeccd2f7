"""Pages under test may ask the database nothing while they are drawn."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _templates_ask_nothing(settings: Any) -> None:
    settings.GUILDHALL_TEMPLATES_MAY_ASK = False
