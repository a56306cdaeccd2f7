"""Addresses of coming in and of one's own account."""

from django.urls import include, path

from guildhall.web.people import account, entrance, set_up, tokens

_own = [
    path("account", account.account, name="account"),
    path("account/details", account.editing, name="editing"),
    path("account/language", account.language, name="language"),
    path("account/tokens", tokens.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/ending", tokens.ending, name="token_ending"),
    path("account/records", account.records, name="records"),
    path("account/records.json", account.take_out, name="take_out"),
    path("account/set-up/<str:secret>", set_up.set_up, name="set_up"),
]

# No `app_name` for the whole: the sign-in library looks for its own pages by bare names.
urlpatterns = [*entrance.urlpatterns, path("", include((_own, "people")))]
