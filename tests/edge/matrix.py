"""The matrix of authority: a line for every page and every operation, and who may come there."""

from typing import Final

OPEN = "everybody"
HIDDEN = "everybody, where its owner shows it"
SECRET = "whoever knows its address"
SIGNED = "a machine that signs what it says"
ENTRANCE = "the sign-in library: whoever is at that step"
MINE = "whoever is signed in, of their own"
THEIRS = "those whom the thing concerns"
JUDGES = "adjudicators"
OPERATORS = "operators"

PAGES: Final = {
    OPEN: "livez readyz home help rules source source_archive money:books styleguide jobs:jobs talent:people"
    " people:language money:certificate_checks money:certificate_keys",
    HIDDEN: "jobs:job talent:profile",
    SECRET: "money:practice_bank money:stop people:set_up money:certificate_check",
    SIGNED: "money:notices",
    ENTRANCE: (
        "account_signup account_login account_request_login_code account_confirm_login_code account_logout"
        " account_inactive account_reauthenticate account_email account_email_verification_sent"
        " account_change_password account_set_password account_reset_password"
        " account_confirm_password_reset_code account_complete_password_reset"
        " account_password_reset_completed"
    ),
    MINE: (
        "jobs:new jobs:mine jobs:sent talent:own contracts:work money:wallet money:statement_file"
        " money:statement money:statement_paper money:timeline money:months money:month_file"
        " money:invoices money:invoices_file money:collective money:collective_file money:billing"
        " money:years money:year_file money:year_paper money:certificates money:plans"
        " money:deposits money:payouts money:account people:account people:editing people:tokens"
        " money:exchange money:savings"
        " people:records people:take_out notices:notices notices:readings"
    ),
    THEIRS: (
        "money:deposit money:card_removal"
        " jobs:edit jobs:opening jobs:closing jobs:offer jobs:proposal jobs:withdrawal jobs:refusal"
        " jobs:shortlist jobs:acceptance jobs:conversation contracts:room contracts:messages contracts:terms"
        " contracts:ending contracts:feedback contracts:funding contracts:delivery contracts:changes"
        " contracts:approval contracts:refund contracts:refund_asked contracts:refund_withdrawal"
        " contracts:contesting contracts:case contracts:case_messages contracts:contentions"
        " contracts:offers contracts:offer_acceptance contracts:case_withdrawal contracts:file"
        " money:quote money:goal money:goal_taking money:goal_addition money:goal_ending"
        " contracts:billing money:certificate money:certificate_file money:certificate_withdrawal"
        " money:invoice money:invoice_file money:invoice_replacement"
        " people:token_ending notices:notice money:transfer money:plan_ending"
    ),
    JUDGES: "contracts:cases contracts:taking contracts:ruling",
    OPERATORS: (
        "operator:overview operator:rules operator:rule operator:people operator:person operator:log"
        " operator:log_csv operator:stuck operator:event_trial operator:letter_trial operator:payouts"
        " operator:payout_opening operator:payout_batch operator:payout_file operator:payout_sending"
        " operator:payout_arrivals operator:payout_settlement operator:payout_return"
        " operator:chargebacks operator:chargeback"
        " operator:reserve operator:exchanges operator:suspended operator:decisions"
        " operator:decision_confirmation"
        " operator:decision_refusal operator:invoices operator:invoices_csv operator:series"
        " operator:invoice operator:invoice_file operator:billing operator:vat"
        " operator:years operator:years_csv operator:withheld_csv operator:signing_key"
        " operator:statement operator:statement_csv operator:statement_pdf"
        " operator:differences operator:difference operator:payout_taking_out"
        " operator:bank operator:bank_file operator:bank_file_lines operator:bank_columns operator:bank_line"
        " operator:sheets operator:sheet operator:sheet_new operator:payout_writing"
        " operator:own_transfers operator:own_transfer operator:keeping operator:credits operator:corrections"
    ),
}
WHO: Final = {name: who for who, names in PAGES.items() for name in names.split()}
"""Who may come to a page, by its name."""

API: Final = {
    "GET /": (OPEN, ""),
    "GET /jobs": (OPEN, ""),
    "GET /jobs/{job_id}": (HIDDEN, ""),
    "GET /jobs/{job_id}/client/feedback": (HIDDEN, ""),
    "GET /skills": (OPEN, ""),
    "GET /rules": (OPEN, ""),
    "GET /books/heads": (OPEN, ""),
    "GET /certificates/keys": (OPEN, ""),
    "GET /certificates/{code}": (OPEN, ""),
    "POST /certificates/checks": (OPEN, ""),
    "GET /talent": (OPEN, ""),
    "GET /talent/{handle}": (HIDDEN, ""),
    "GET /talent/{handle}/feedback": (HIDDEN, ""),
    "GET /jobs/mine": (MINE, "read"),
    "POST /jobs": (MINE, "jobs"),
    "PATCH /jobs/{job_id}": (THEIRS, "jobs"),
    "POST /jobs/{job_id}/opening": (THEIRS, "jobs"),
    "POST /jobs/{job_id}/closing": (THEIRS, "jobs"),
    "GET /jobs/{job_id}/proposals": (THEIRS, "read"),
    "POST /jobs/{job_id}/proposals": (THEIRS, "work"),
    "POST /jobs/{job_id}/reckonings": (THEIRS, "work"),
    "GET /proposals/{proposal_id}/messages": (THEIRS, "read"),
    "POST /proposals/{proposal_id}/messages": (THEIRS, "work"),
    "GET /proposals": (MINE, "read"),
    "GET /proposals/{proposal_id}": (THEIRS, "read"),
    "PATCH /proposals/{proposal_id}": (THEIRS, "work"),
    "POST /proposals/{proposal_id}/withdrawal": (THEIRS, "work"),
    "POST /proposals/{proposal_id}/refusal": (THEIRS, "jobs"),
    "POST /proposals/{proposal_id}/shortlist": (THEIRS, "jobs"),
    "GET /proposals/{proposal_id}/terms": (THEIRS, "read"),
    "POST /proposals/{proposal_id}/acceptance": (THEIRS, "jobs money"),
    "GET /contracts": (MINE, "read"),
    "GET /contracts/{contract_id}": (THEIRS, "read"),
    "GET /contracts/{contract_id}/terms": (THEIRS, "read"),
    "GET /contracts/{contract_id}/ending": (THEIRS, "read"),
    "POST /contracts/{contract_id}/ending": (THEIRS, "money"),
    "GET /contracts/{contract_id}/messages": (THEIRS, "read"),
    "POST /contracts/{contract_id}/messages": (THEIRS, "work"),
    "GET /contracts/{contract_id}/refunds": (THEIRS, "read"),
    "POST /messages/{message_id}/reading": (THEIRS, "work"),
    "GET /contracts/{contract_id}/feedback": (THEIRS, "read"),
    "PUT /contracts/{contract_id}/feedback": (THEIRS, "work"),
    "GET /milestones/{milestone_id}": (THEIRS, "read"),
    "POST /milestones/{milestone_id}/funding": (THEIRS, "money"),
    "GET /milestones/{milestone_id}/deliveries": (THEIRS, "read"),
    "POST /milestones/{milestone_id}/deliveries": (THEIRS, "work"),
    "GET /milestones/{milestone_id}/refunds": (THEIRS, "read"),
    "POST /milestones/{milestone_id}/refunds": (THEIRS, "money"),
    "POST /milestones/{milestone_id}/cases": (THEIRS, "money"),
    "POST /deliveries/{delivery_id}/changes": (THEIRS, "work"),
    "POST /deliveries/{delivery_id}/approval": (THEIRS, "money"),
    "GET /refunds/{refund_id}": (THEIRS, "read"),
    "POST /refunds/{refund_id}/answer": (THEIRS, "money"),
    "POST /refunds/{refund_id}/withdrawal": (THEIRS, "money"),
    "GET /cases": (MINE, "read"),
    "GET /cases/{case_id}": (THEIRS, "read"),
    "GET /cases/{case_id}/messages": (THEIRS, "read"),
    "POST /cases/{case_id}/messages": (THEIRS, "work"),
    "GET /cases/{case_id}/contentions": (THEIRS, "read"),
    "POST /cases/{case_id}/contentions": (THEIRS, "money"),
    "GET /cases/{case_id}/offers": (THEIRS, "read"),
    "POST /cases/{case_id}/offers": (THEIRS, "money"),
    "POST /cases/{case_id}/withdrawal": (THEIRS, "money"),
    "POST /cases/{case_id}/taking": (THEIRS, "work"),
    "POST /cases/{case_id}/ruling": (THEIRS, "work"),
    "POST /offers/{offer_id}/acceptance": (THEIRS, "money"),
    "POST /files": (MINE, "work"),
    "GET /files/{file_id}": (THEIRS, "read"),
    "GET /money": (MINE, "read"),
    "GET /money/statement": (MINE, "read"),
    "GET /money/months": (MINE, "read"),
    "GET /money/months/{month}": (MINE, "read"),
    "GET /money/timeline": (MINE, "read"),
    "GET /money/movements": (MINE, "read"),
    "GET /money/movements/files/{form}": (MINE, "read"),
    "GET /money/looks": (MINE, "read"),
    "POST /operator/people/{person_id}/looks": (OPERATORS, "operate"),
    "GET /operator/people/{person_id}/movements": (OPERATORS, "operate"),
    "GET /operator/people/{person_id}/movements/files/{form}": (OPERATORS, "operate"),
    "GET /money/balances": (MINE, "read"),
    "GET /money/deposits": (MINE, "read"),
    "POST /money/deposits": (MINE, "money"),
    "GET /money/deposits/{deposit_id}": (THEIRS, "read"),
    "GET /money/deposits/{deposit_id}/transfer": (THEIRS, "read"),
    "POST /money/deposits/{deposit_id}/refunds": (THEIRS, "money"),
    "GET /money/refunds": (MINE, "read"),
    "GET /money/cards": (MINE, "read"),
    "POST /money/cards/{card_id}/removal": (THEIRS, "money"),
    "GET /money/chargebacks": (MINE, "read"),
    "GET /operator/chargebacks": (OPERATORS, "operate"),
    "POST /operator/chargebacks/{chargeback_id}/recoveries": (OPERATORS, "operate"),
    "GET /money/payouts": (MINE, "read"),
    "POST /money/payouts": (MINE, "money"),
    "GET /money/payouts/{payout_id}": (THEIRS, "read"),
    "GET /money/plans": (MINE, "read"),
    "POST /money/plans": (MINE, "money"),
    "POST /money/plans/{plan_id}/ending": (THEIRS, "money"),
    "GET /money/turns": (MINE, "read"),
    "POST /money/stop/{stop}": (SECRET, ""),
    "GET /money/exchange": (MINE, "read"),
    "GET /money/quotes": (MINE, "read"),
    "POST /money/quotes": (MINE, "money"),
    "GET /money/quotes/{quote_id}": (THEIRS, "read"),
    "POST /money/quotes/{quote_id}/acceptance": (THEIRS, "money"),
    "GET /money/savings": (MINE, "read"),
    "POST /money/savings": (MINE, "money"),
    "GET /money/savings/{goal_id}": (THEIRS, "read"),
    "GET /money/savings/{goal_id}/history": (THEIRS, "read"),
    "POST /money/savings/{goal_id}/takings": (THEIRS, "money"),
    "POST /money/savings/{goal_id}/additions": (THEIRS, "money"),
    "POST /money/savings/{goal_id}/ending": (THEIRS, "money"),
    "GET /money/account": (MINE, "read"),
    "PUT /money/account": (MINE, "no token at all"),
    "GET /money/invoices": (MINE, "read"),
    "GET /money/invoices/{invoice_id}": (THEIRS, "read"),
    "GET /money/invoices/{invoice_id}/files/{form}": (THEIRS, "read"),
    "POST /money/invoices/{invoice_id}/replacement": (THEIRS, "work"),
    "GET /money/collective/{month}": (MINE, "read"),
    "GET /money/billing": (MINE, "read"),
    "PUT /money/billing": (MINE, "work"),
    "GET /contracts/{contract_id}/billing": (THEIRS, "read"),
    "PUT /contracts/{contract_id}/billing": (THEIRS, "work"),
    "GET /money/certificates": (MINE, "read"),
    "POST /money/certificates": (MINE, "work"),
    "GET /money/certificates/{certificate_id}": (THEIRS, "read"),
    "GET /money/certificates/{certificate_id}/file": (THEIRS, "read"),
    "GET /money/certificates/{certificate_id}/checks": (THEIRS, "read"),
    "POST /money/certificates/{certificate_id}/withdrawal": (THEIRS, "work"),
    "GET /money/years": (MINE, "read"),
    "GET /money/years/{year}": (MINE, "read"),
    "GET /profile": (MINE, "read"),
    "PUT /profile": (MINE, "work"),
    "GET /me": (MINE, "read"),
    "PATCH /me": (MINE, "work"),
    "GET /me/tokens": (MINE, "read"),
    "POST /me/tokens": (MINE, "no token at all"),
    "DELETE /me/tokens/{token_id}": (THEIRS, "work"),
    "GET /me/records": (MINE, "read"),
    "GET /notices": (MINE, "read"),
    "POST /notices/readings": (MINE, "work"),
    "GET /operator/payouts": (OPERATORS, "operate"),
    "GET /operator/batches": (OPERATORS, "operate"),
    "POST /operator/batches": (OPERATORS, "operate"),
    "GET /operator/batches/{batch_id}/payouts": (OPERATORS, "operate"),
    "POST /operator/batches/{batch_id}/taking_out": (OPERATORS, "operate"),
    "POST /operator/batches/{batch_id}/writing": (OPERATORS, "operate"),
    "GET /operator/batches/{batch_id}/file": (OPERATORS, "operate"),
    "GET /operator/bank/files": (OPERATORS, "operate"),
    "POST /operator/bank/files": (OPERATORS, "operate"),
    "GET /operator/bank/files/{bank_file_id}": (OPERATORS, "operate"),
    "GET /operator/bank/files/{bank_file_id}/lines": (OPERATORS, "operate"),
    "GET /operator/bank/lines": (OPERATORS, "operate"),
    "POST /operator/bank/lines/{bank_line_id}/explanation": (OPERATORS, "operate"),
    "GET /operator/bank/comparison": (OPERATORS, "operate"),
    "GET /operator/bank/columns": (OPERATORS, "operate"),
    "PUT /operator/bank/columns": (OPERATORS, "operate"),
    "GET /operator/sheets": (OPERATORS, "operate"),
    "POST /operator/sheets": (OPERATORS, "operate"),
    "GET /operator/sheets/{sheet_id}": (OPERATORS, "operate"),
    "POST /operator/batches/{batch_id}/sending": (OPERATORS, "operate"),
    "POST /operator/batches/{batch_id}/arrivals": (OPERATORS, "operate"),
    "POST /operator/payouts/{payout_id}/settlement": (OPERATORS, "operate"),
    "POST /operator/payouts/{payout_id}/return": (OPERATORS, "operate"),
    "GET /operator/rules": (OPERATORS, "operate"),
    "PUT /operator/rules/{rule_name}": (OPERATORS, "operate"),
    "PUT /operator/rules/{table_name}/rows": (OPERATORS, "operate"),
    "GET /operator/people": (OPERATORS, "operate"),
    "GET /operator/people/{person_id}": (OPERATORS, "operate"),
    "PUT /operator/people/{person_id}/roles": (OPERATORS, "operate"),
    "GET /operator/decisions": (OPERATORS, "operate"),
    "GET /operator/decisions/{decision_id}": (OPERATORS, "operate"),
    "POST /operator/decisions/{decision_id}/confirmation": (OPERATORS, "operate"),
    "POST /operator/decisions/{decision_id}/refusal": (OPERATORS, "operate"),
    "GET /operator/differences": (OPERATORS, "operate"),
    "GET /operator/differences/{difference_id}": (OPERATORS, "operate"),
    "POST /operator/differences/{difference_id}/answer": (OPERATORS, "operate"),
    "GET /operator/suspended": (OPERATORS, "operate"),
    "POST /operator/suspended/{suspended_id}/owner": (OPERATORS, "operate"),
    "GET /operator/reserve": (OPERATORS, "operate"),
    "POST /operator/reserve/fillings": (OPERATORS, "operate"),
    "POST /operator/reserve/keepings": (OPERATORS, "operate"),
    "GET /operator/accounts": (OPERATORS, "operate"),
    "GET /operator/own_transfers": (OPERATORS, "operate"),
    "POST /operator/own_transfers": (OPERATORS, "operate"),
    "GET /operator/own_transfers/{own_transfer_id}": (OPERATORS, "operate"),
    "POST /operator/own_transfers/{own_transfer_id}/end": (OPERATORS, "operate"),
    "POST /operator/credits": (OPERATORS, "operate"),
    "POST /operator/corrections": (OPERATORS, "operate"),
    "GET /operator/exchanges": (OPERATORS, "operate"),
    "POST /operator/exchanges/fundings": (OPERATORS, "operate"),
    "GET /operator/stuck": (OPERATORS, "operate"),
    "GET /operator/stuck/events": (OPERATORS, "operate"),
    "POST /operator/stuck/events/{event_id}/trial": (OPERATORS, "operate"),
    "GET /operator/stuck/letters": (OPERATORS, "operate"),
    "POST /operator/stuck/letters/{letter_id}/trial": (OPERATORS, "operate"),
    "GET /operator/invoices": (OPERATORS, "operate"),
    "GET /operator/invoices/{invoice_id}": (OPERATORS, "operate"),
    "GET /operator/invoices/{invoice_id}/files/{form}": (OPERATORS, "operate"),
    "GET /operator/series": (OPERATORS, "operate"),
    "POST /operator/invoices/{invoice_id}/credit-notes": (OPERATORS, "operate"),
    "GET /operator/billing": (OPERATORS, "operate"),
    "PUT /operator/billing": (OPERATORS, "operate"),
    "GET /operator/vat-rates": (OPERATORS, "operate"),
    "PUT /operator/vat-rates/{country}": (OPERATORS, "operate"),
    "GET /operator/years/{year}/workers": (OPERATORS, "operate"),
    "GET /operator/years/{year}/kept": (OPERATORS, "operate"),
    "POST /operator/signing-keys": (OPERATORS, "operate"),
    "GET /operator/log": (OPERATORS, "operate"),
}
"""Who may call an operation, and the scopes that a token needs for it."""


SIGN_IN = "/account/sign-in"
STEPS: Final = {
    # the step: what a visitor is told who knocks with GET and with POST, and what Eve is told who is inside
    "account_signup": (200, 422, "/", "/"),
    "account_login": (200, 422, "/", "/"),
    "account_request_login_code": (200, 422, "/", "/"),
    "account_confirm_login_code": (f"{SIGN_IN}/code", f"{SIGN_IN}/code", "/", "/"),
    "account_logout": ("/", "/", 200, "/"),
    "account_inactive": (200, 405, 200, 405),
    "account_reauthenticate": (SIGN_IN, SIGN_IN, 403, 403),  # Eve has no password to say once more
    "account_email": (SIGN_IN, SIGN_IN, 200, "/account/address"),
    "account_email_verification_sent": (SIGN_IN, SIGN_IN, "/account/address", "/account/address"),
    "account_change_password": (SIGN_IN, SIGN_IN, "/account/password/first", "/account/password/first"),
    "account_set_password": (SIGN_IN, SIGN_IN, 200, 422),
    "account_reset_password": (200, 422, 200, 422),
    "account_confirm_password_reset_code": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN),
    "account_complete_password_reset": ("/account/password/lost",) * 4,
    "account_password_reset_completed": (200, 405, 200, 405),
}
"""What the entrance says to those who have begun nothing: a status, or where it leads back to."""
