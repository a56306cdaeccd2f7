"""The anchor: the page of open jobs as somebody would write it in FastAPI and Jinja2, with the same queries.

It runs by itself, without Django: ``python -m uvicorn anchor:app`` in this folder. ``ANCHOR_DATABASE``
names the database and ``ANCHOR_FACTS`` a JSON file with the queries that the hall ran for its page, and with
the lists that the page's form offers.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

_FACTS: dict[str, Any] = json.loads(Path(os.environ["ANCHOR_FACTS"]).read_text())
_TEMPLATES = Jinja2Templates(directory=Path(__file__).parent)


@asynccontextmanager
async def _with_database(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["ANCHOR_DATABASE"], min_size=1, max_size=4) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_with_database)


async def show_jobs(request: Request) -> HTMLResponse:
    """Twenty jobs, their skills, how many there are, and what is known of their clients."""
    async with request.app.state.pool.acquire() as connection:
        results = [await connection.fetch(query) for query in _FACTS["queries"]]
    jobs = next(rows for rows in results if rows and "title" in rows[0])
    now = datetime.now(tz=UTC)
    shown = [_shown(job, now) for job in jobs[:20]]
    context = {"jobs": shown, "total": len(jobs), "facts": _FACTS}
    return _TEMPLATES.TemplateResponse(request, "anchor.html", context)


app.add_api_route("/jobs", show_jobs, response_class=HTMLResponse)


def _shown(job: Any, now: datetime) -> dict[str, Any]:
    hours = int((now - job["opened_at"]).total_seconds() // 3600)
    return {
        "id": job["id"],
        "title": job["title"],
        "excerpt": job["brief"][:160],
        "skills": [json.loads(skill)["name"] for skill in job["named_skills"]],
        "country": job["country"],
        "price": f"{job['budget'] / 100:.2f} {job['currency']}" if job["budget"] else "",
        "deadline": job["deadline"],
        "band": job["band"],
        "opened_at": job["opened_at"],
        "posted": f"{hours} hours ago",
    }
