"""Addresses for operators."""

from django.urls import URLPattern, path

from guildhall.web.operator import (
    chargebacks,
    decisions,
    differences,
    exchanges,
    hall_money,
    log,
    overview,
    people,
    rules,
    stuck,
)
from guildhall.web.operator.bank import bank_urls
from guildhall.web.operator.bank_lines import bank_line_urls
from guildhall.web.operator.invoices import invoice_urls
from guildhall.web.operator.own_money import own_money_urls
from guildhall.web.operator.payouts import payout_urls
from guildhall.web.operator.sheets import sheet_urls
from guildhall.web.operator.statements import statement_urls
from guildhall.web.operator.years import year_urls

app_name = "operator"

urlpatterns: list[URLPattern] = [
    path("operator/", overview.overview, name="overview"),
    path("operator/rules", rules.rules, name="rules"),
    path("operator/rules/<slug:rule_name>", rules.rule, name="rule"),
    path("operator/people", people.people, name="people"),
    path("operator/people/<uuid:person_id>", people.person, name="person"),
    path("operator/decisions", decisions.decisions, name="decisions"),
    path(
        "operator/decisions/<uuid:decision_id>/confirmation",
        decisions.decision_confirmation,
        name="decision_confirmation",
    ),
    path(
        "operator/decisions/<uuid:decision_id>/refusal", decisions.decision_refusal, name="decision_refusal"
    ),
    path("operator/differences", differences.differences, name="differences"),
    path("operator/differences/<uuid:difference_id>", differences.difference, name="difference"),
    path("operator/chargebacks", chargebacks.chargebacks, name="chargebacks"),
    path("operator/chargebacks/<uuid:chargeback_id>", chargebacks.chargeback, name="chargeback"),
    path("operator/reserve", hall_money.reserve, name="reserve"),
    path("operator/exchanges", exchanges.exchanges, name="exchanges"),
    path("operator/suspended/<uuid:suspended_id>", hall_money.suspended, name="suspended"),
    path("operator/log", log.log, name="log"),
    path("operator/log.csv", log.log_csv, name="log_csv"),
    path("operator/stuck", stuck.stuck, name="stuck"),
    path("operator/stuck/<uuid:event_id>/trial", stuck.event_trial, name="event_trial"),
    path("operator/letters/<uuid:letter_id>/trial", stuck.letter_trial, name="letter_trial"),
    *own_money_urls,
    *payout_urls,
    *bank_urls,
    *bank_line_urls,
    *sheet_urls,
    *invoice_urls,
    *year_urls,
    *statement_urls,
]
