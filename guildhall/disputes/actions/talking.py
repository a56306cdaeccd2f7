"""Speaking in a case, while it is open."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from guildhall.disputes.actions.locking import lock_case
from guildhall.disputes.models import Case
from guildhall.disputes.queries import subject_of
from guildhall.files.models import StoredFile
from guildhall.people.models import Person
from guildhall.workroom.actions import say
from guildhall.workroom.models import Message
from guildhall.workroom.queries import conversation_about


@transaction.atomic
def speak_in_case(
    *, case: Case, text: str, files: Sequence[StoredFile] = (), by: Person, at: datetime
) -> Message:
    """Say something to the other side and to whoever has the case.

    Raises:
        CaseEnded: it is not open any more.
        NotFound: they are not in its conversation, or a file is not theirs.
        UnfitMessage, NotFit: it says nothing, too much, or what is not fit to be seen.
    """
    case, _milestone = lock_case(case)
    return say(conversation=conversation_about(subject_of(case), by), text=text, files=files, by=by, at=at)
