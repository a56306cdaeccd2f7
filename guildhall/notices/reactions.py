"""What happens becomes notices."""

from guildhall.kernel.events import reacts_to
from guildhall.kernel.models import Event
from guildhall.notices.actions import tell
from guildhall.notices.audience import Facts, Known, addresses_left_by, full_facts, persons_in, words_from
from guildhall.notices.tellings import TELLINGS, Telling
from guildhall.notices.words import WORDS


@reacts_to(*sorted({telling.event for telling in TELLINGS}))
def tell_whom_it_concerns(event: Event) -> None:
    """Tell everybody whom the table names, each once, but nobody of their own doing."""
    facts = full_facts(event)
    told = set()
    known: Known = {}
    for telling in TELLINGS:
        if telling.event != event.name:
            continue
        kind = kind_of(telling, event, facts)
        if kind is None:
            continue  # a line for people only, and nobody acted; or the other way round
        for person in persons_in(telling.role, event, facts, known):
            if person.id in told or (person.id == event.by and not telling.even_doer):
                continue
            told.add(person.id)
            words = words_from(event, facts, person, known)
            url = telling.url.format_map(facts)
            left = addresses_left_by(person, event.at) if telling.also_left else []
            tell(
                person=person,
                event=event,
                kind=kind,
                facts=words,
                url=url,
                gathers=telling.gathers,
                also_to=left,
            )


def kind_of(telling: Telling, event: Event, facts: Facts) -> str | None:
    """Which of a line's sentences fits: by a side, by the hall, by a ruling, …; None if none does."""
    manner = ""
    if facts.get("taken_back"):
        manner = ":taken_back"
    elif facts.get("unasked"):
        manner = ":unasked"
    elif facts.get("all_frozen"):
        manner = ":frozen"
    elif facts.get("why"):
        manner = f":{facts['why']}"
    elif facts.get("account") == "" and "answer_by" in facts:
        manner = ":asks"
    elif event.by is None:
        manner = ":hall"
    elif "client" in facts and str(event.by) not in {facts["client"], facts.get("worker")}:
        manner = ":ruled"
    fitting = (telling.kind + manner, telling.kind)
    return next((kind for kind in fitting if kind in WORDS), None)
