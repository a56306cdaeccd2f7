"""The trades of the hall and the names people give them."""

from django.db import models

from guildhall.kernel.models import Identified


class Skill(Identified):
    """Something a person can be asked to do, under the one name that the hall shows for it."""

    slug = models.CharField(max_length=64, unique=True)  # its stable name in addresses and programs
    name = models.CharField(max_length=80)
    area = models.CharField(max_length=32)  # the part of the taxonomy it stands in: "design"

    class Meta:
        indexes = [models.Index(fields=["area", "name"], name="skill_by_area")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="skill_slug"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SkillName(models.Model):
    """One of the names under which a skill is found; no name means two skills."""

    name_key = models.CharField(max_length=80, unique=True)  # as `rules.name_key` writes it
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="names")

    def __str__(self) -> str:
        return self.name_key
