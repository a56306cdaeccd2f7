"""A file of posts in the state in which another market gives them out: all of it made up here."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

COLUMNS = [
    "title", "link", "country", "category", "skills", "posted_date", "is_hourly", "min_rate", "max_rate",
    "fixed_budget", "raw_description", "source_file", "collection_date",
]  # fmt: skip


def a_description(
    words: str, *, price: str = "", skills: str = "Tableau,     SQL", link: str = "https://x.example/1"
) -> str:
    """The client's words as HTML, with the block that the market writes behind them."""
    priced = (
        f"<br /><br /><b>{price.partition(':')[0]}</b>: {price.partition(':')[2]}\n"
        if price
        else "<br /><br />"
    )
    return (
        f"{words}{priced}<br /><b>Posted On</b>: May 13, 2024 09:46 UTC<br /><b>Category</b>: Data Analytics"
        f"<br /><b>Skills</b>:{skills}    \n<br /><b>Skills</b>:        {skills}            "
        f'<br /><b>Country</b>: Kenya\n<br /><a href="{link}?source=rss">click to apply</a>'
    )


def a_row(
    number: int = 1, *, price: str = "", words: str = "Chart our &amp; their sales.", **cells: Any
) -> dict[str, str]:
    link = cells.pop("link", f"https://x.example/jobs/Post_%7E{number}?source=rss")
    return {
        "title": f"Charts number {number} - Upwork",
        "link": link,
        "country": "Kenya",
        "category": "Data Analytics",
        "skills": "['Tableau', 'SQL Programming', 'Stink bombs']",
        "posted_date": "2024-05-13T09:46:00",
        "is_hourly": "False",
        "min_rate": "",
        "max_rate": "",
        "fixed_budget": "",
        "raw_description": a_description(words, price=price, link=link),
        "source_file": "20240513_RSS.json",
        "collection_date": "2024-05-13",
        **cells,
    }


def as_csv(rows: list[dict[str, str]], columns: list[str] = COLUMNS) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


type Save = Callable[[str | bytes], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(text: str | bytes) -> Path:
        file = tmp_path / "posts.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write
