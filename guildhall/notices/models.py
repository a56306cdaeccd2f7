"""What people are told in the hall, and the letters that tell it by e-mail."""

from django.db import models

from guildhall.kernel.models import Event, Identified
from guildhall.people.models import Person


class Notice(Identified):
    """One person told of one event. The sentence is said when it is read, in the reader's language."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)  # which sentence
    facts = models.JSONField(default=dict)  # what the sentence needs
    url = models.CharField(max_length=200)  # the thing's address within the hall
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="notice_once_for_each_event")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notice_unread"),
        ]


class Letter(Identified):
    """An e-mail that has to go out. What cannot be sent is tried again and stays in sight of the operator."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    notice = models.OneToOneField(Notice, null=True, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    is_secret = models.BooleanField(default=False)  # carries a code or a link to sign in: emptied once sent
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)  # null: sent, or given up
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    trouble = models.TextField(default="")  # why the last try failed

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(sent_at=None), name="letter_to_send"),
            models.Index(fields=["person", "-id"], name="letter_of_person"),
        ]
