"""The same verbs in JSON, versioned under ``/api/v1``.

How to add an endpoint. Each area has one module with a router, which `api.root` mounts::

    # guildhall/api/jobs.py
    from uuid import UUID
    from ninja import Router, Schema, Status
    from guildhall.api.auth import needs_scope, person_of
    from guildhall.api.shapes import Asked, Listing, Sum, listing
    from guildhall.edge.request import HallRequest

    router = Router(tags=["jobs"])

    class JobShown(Schema):          # what is answered: written out field by field, never a whole row
        id: UUID
        title: str
        budget: Sum | None

    class JobAsked(Asked):           # what is asked: unknown fields are refused
        title: str
        budget: Sum | None = None

    @router.get("/jobs", response=Listing[JobShown], auth=None)          # auth=None: visitors may read it
    def list_jobs(request: HallRequest, after: str = "", size: int = 20) -> Listing[JobShown]:
        rows = page_by_key(open_jobs(), by=("-opened_at", "-id"), after=after, size=size)
        return listing(rows, shown)

    @router.post("/jobs", response={201: JobShown})
    @needs_scope("jobs")
    def draft(request: HallRequest, asked: JobAsked) -> Status[JobShown]:
        job = draft_job(brief=..., by=person_of(request), at=request.at)
        return Status(201, shown(job))

Everything is for signed-in people unless it says ``auth=None``. Scopes bind tokens, not people in a
browser: ``read``, ``jobs``, ``work``, ``money``. Refusals, `NotFound` and `Http404` are simply raised: the
edge makes problems (RFC 9457) of them. An `Idempotency-Key` header is honoured without your doing. Sums are
``{"amount": "120.00", "currency": "USD"}``: `Sum.of(money)` shows one, ``asked.budget.money("budget")``
reads one.
"""
