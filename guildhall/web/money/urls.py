"""The addresses of money."""

from django.urls import URLPattern, path

from guildhall.web.money.accounts import set_account, stop
from guildhall.web.money.billing import show_billing
from guildhall.web.money.books import show_books
from guildhall.web.money.certificate_checks import (
    check_certificate,
    check_certificates,
    show_certificate_keys,
)
from guildhall.web.money.certificates import (
    certificate_withdrawal,
    show_certificate,
    show_certificate_file,
    show_certificates,
)
from guildhall.web.money.deposits import card_removal, deposit, pay_in
from guildhall.web.money.exchange import exchange, quote
from guildhall.web.money.gateways import hear_notice
from guildhall.web.money.invoices import (
    make_out_again,
    show_collective,
    show_collective_file,
    show_invoice,
    show_invoice_file,
    show_invoices,
    show_invoices_file,
)
from guildhall.web.money.months import show_month_file, show_months
from guildhall.web.money.payouts import pay_out
from guildhall.web.money.plans import plan_ending, plans
from guildhall.web.money.practice_bank import pay_in_practice_bank
from guildhall.web.money.savings import goal, goal_addition, goal_ending, goal_taking, savings
from guildhall.web.money.statements import show_statement, show_statement_file, show_statement_paper
from guildhall.web.money.timelines import show_timeline
from guildhall.web.money.transfers import show_transfer
from guildhall.web.money.wallet import show_wallet
from guildhall.web.money.years import show_year_file, show_year_paper, show_years

app_name = "money"

urlpatterns: list[URLPattern] = [
    path("money", show_wallet, name="wallet"),
    path("books", show_books, name="books"),
    path("money/statement", show_statement, name="statement"),
    path("money/statement.csv", show_statement_file, name="statement_file"),
    path("money/statement.pdf", show_statement_paper, name="statement_paper"),
    path("money/timeline", show_timeline, name="timeline"),
    path("money/months", show_months, name="months"),
    path("money/months.csv", show_month_file, name="month_file"),
    path("money/invoices", show_invoices, name="invoices"),
    path("money/invoices.csv", show_invoices_file, name="invoices_file"),
    path("money/invoices/<uuid:invoice_id>", show_invoice, name="invoice"),
    path("money/invoices/<uuid:invoice_id>/files/<slug:form>", show_invoice_file, name="invoice_file"),
    path("money/invoices/<uuid:invoice_id>/replacement", make_out_again, name="invoice_replacement"),
    path("money/collective/<slug:month>", show_collective, name="collective"),
    path("money/collective/<slug:month>/file", show_collective_file, name="collective_file"),
    path("money/billing", show_billing, name="billing"),
    path("money/years", show_years, name="years"),
    path("money/years.csv", show_year_file, name="year_file"),
    path("money/years.pdf", show_year_paper, name="year_paper"),
    path("money/certificates", show_certificates, name="certificates"),
    path("money/certificates/<uuid:certificate_id>", show_certificate, name="certificate"),
    path("money/certificates/<uuid:certificate_id>/file", show_certificate_file, name="certificate_file"),
    path(
        "money/certificates/<uuid:certificate_id>/withdrawal",
        certificate_withdrawal,
        name="certificate_withdrawal",
    ),
    path("certificates", check_certificates, name="certificate_checks"),
    path("certificates/keys", show_certificate_keys, name="certificate_keys"),
    path("certificates/<str:code>", check_certificate, name="certificate_check"),
    path("money/deposits", pay_in, name="deposits"),
    path("money/transfers/<str:transfer_code>", show_transfer, name="transfer"),
    path("money/deposits/<uuid:deposit_id>", deposit, name="deposit"),
    path("money/cards/<uuid:card_id>/removal", card_removal, name="card_removal"),
    path("money/payouts", pay_out, name="payouts"),
    path("money/payouts/plans", plans, name="plans"),
    path("money/payouts/plans/<uuid:plan_id>/ending", plan_ending, name="plan_ending"),
    path("money/stop/<str:stop>", stop, name="stop"),
    path("money/account", set_account, name="account"),
    path("money/exchange", exchange, name="exchange"),
    path("money/exchange/<uuid:quote_id>", quote, name="quote"),
    path("money/savings", savings, name="savings"),
    path("money/savings/<uuid:goal_id>", goal, name="goal"),
    path("money/savings/<uuid:goal_id>/takings", goal_taking, name="goal_taking"),
    path("money/savings/<uuid:goal_id>/additions", goal_addition, name="goal_addition"),
    path("money/savings/<uuid:goal_id>/ending", goal_ending, name="goal_ending"),
    path("practice-bank/<str:reference>", pay_in_practice_bank, name="practice_bank"),
    path("gateways/<slug:rail>/notices", hear_notice, name="notices"),
]
