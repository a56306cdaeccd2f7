"""What persons and operators can do about persons."""

from guildhall.people.actions.editing import (
    change_email,
    change_password,
    choose_language,
    edit_person,
    forget_unproved_password,
)
from guildhall.people.actions.joining import EmailTaken, join_hall
from guildhall.people.actions.roles import RoleNotChanged, set_roles
from guildhall.people.actions.setting_up import LinkSpent, create_operator, make_set_up_link, use_set_up_link
from guildhall.people.actions.tokens import create_token, end_token

__all__ = [
    "EmailTaken",
    "LinkSpent",
    "RoleNotChanged",
    "change_email",
    "change_password",
    "choose_language",
    "create_operator",
    "create_token",
    "edit_person",
    "end_token",
    "forget_unproved_password",
    "join_hall",
    "make_set_up_link",
    "set_roles",
    "use_set_up_link",
]
