"""The words to which people consent when they make a token, held against what it can then do."""

import re
from typing import Final

from guildhall.people.rules import SCOPES
from tests.edge.matrix import API

SAID: Final = {
    "read": {"Read what only you can read": r"GET .*"},
    "jobs": {
        "Write, open and close jobs": r"(POST|PATCH) /jobs(/{job_id}(/(opening|closing))?)?",
        "shortlist and decline proposals": r"POST /proposals/{proposal_id}/(shortlist|refusal)",
        "if it may move money, accept them": r"POST /proposals/{proposal_id}/acceptance",
    },
    "work": {
        "Send and withdraw proposals": (
            r"POST /jobs/{job_id}/(proposals|reckonings)|PATCH /proposals/.*|POST /proposals/.*/withdrawal"
        ),
        "write messages": r"POST .*/messages",
        "send files": r"POST /files",
        "deliver": r"POST .*/deliveries",
        "ask for changes": r"POST .*/changes",
        "leave feedback": r"PUT .*/feedback",
        "rule on cases": r"POST .*/(taking|ruling)",
        "change your details and profile": r"PATCH /me|PUT /profile",
        "say what stands on your invoices": r"POST .*/replacement|PUT (/money|/contracts/.*)/billing",
        "make out and withdraw certificates of income": r"POST /money/certificates(/.*/withdrawal)?",
        "mark notices and messages as read": r"POST (/notices/.*|.*/reading)",
        "end tokens": r"DELETE /me/tokens/.*",
    },
    "money": {
        "Pay in and out": r"(POST|PUT) /money/.*",
        "set money aside": r"POST .*/funding",
        "approve": r"POST .*/approval",
        "refund": r"POST (/refunds/.*|.*/refunds)",
        "open and settle cases": r"POST (/cases/.*|.*/cases|/offers/.*)",
        "end contracts": r"POST .*/ending",
        "if it may post jobs, accept proposals": r"POST /proposals/.*/acceptance",
    },
    "operate": {
        "Run the hall": r"GET /operator/stuck",
        "payouts": r".* /operator/(payouts|batches).*",
        "the bank’s files": r".* /operator/(bank|sheets).*",
        "suspended money": r".* /operator/suspended.*",
        "the hall’s own money": (
            r".* /operator/(reserve|accounts|own_transfers|credits|corrections|exchanges).*"
        ),
        "invoices": r".* /operator/(invoices|series|billing).*",
        "VAT": r".* /operator/vat-rates.*",
        "yearly totals": r".* /operator/years.*",
        "the key of certificates": r"POST /operator/signing-keys",
        "house rules": r".* /operator/rules.*",
        "people": r"GET /operator/people.*",
        "their statements": r".* /operator/people/{person_id}/looks",
        "their offices": r"PUT /operator/people/{person_id}/roles",
        "decisions for two": r".* /operator/decisions.*",
        "chargebacks": r".* /operator/chargebacks.*",
        "differences": r".* /operator/differences.*",
        "what is stuck": r".* /operator/stuck/.*",
        "the log": r"GET /operator/log",
    },
}
"""What the words of each scope promise, as the operations that they stand for."""


def test_P1_the_words_of_a_scope_say_what_a_token_may_do() -> None:
    """Every word stands for an operation, and every operation for a word."""
    for scope, words in SAID.items():
        allowed = {name for name, (_who, scopes) in API.items() if scope in scopes.split()}
        rest, covered = str(SCOPES[scope]), set()
        for said, pattern in words.items():
            assert said in rest, (scope, said)
            rest = rest.replace(said, "", 1)
            meant = {name for name in allowed if re.fullmatch(pattern, name)}
            assert meant, (scope, said)
            covered |= meant
        assert allowed == covered, (scope, allowed - covered)
        assert set(re.findall(r"[A-Za-z]+", rest)) <= {"and"}, (scope, rest)
