"""Conversations, deliveries and requests for changes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guildhall.contracts.models import Milestone
from guildhall.files.models import StoredFile
from guildhall.kernel.models import Identified
from guildhall.people.models import Person


class Conversation(Identified):
    """What is said about one subject, such as ``contract:<id>``."""

    subject = models.CharField(max_length=120, unique=True)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject


class Member(Identified):
    """Somebody who reads and writes in a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True)  # from then on they neither read nor write

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="member_once")]
        indexes = [models.Index(fields=["person"], name="member_person")]


class Delivery(Identified):
    """One version of the work for one milestone."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    note = models.TextField()
    items = ArrayField(models.PositiveIntegerField())  # numbers of the deliverables in the terms
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["milestone", "version"], name="delivery_version_once")]


class Message(Identified):
    """One thing said, or one delivery or request for changes in the place where it happened."""

    SAID = "said"
    DELIVERED = "delivered"
    CHANGES = "changes"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, default=SAID)
    text = models.TextField()
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["said", "delivered", "changes"]), name="message_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="said") | Q(delivery__isnull=False), name="message_of_delivery"
            ),
        ]
        indexes = [models.Index(fields=["conversation", "-at", "-id"], name="message_in_conversation")]


class Attachment(Identified):
    """A file that came with a message or a delivery."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "file"], name="attachment_once")]


class ChangeRequest(Identified):
    """What the client asked to have changed in one version of the work."""

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Change(Identified):
    """What is to change in one item."""

    request = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="changes")
    item = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "item"], name="change_item_once")]
