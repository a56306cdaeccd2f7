"""For every promise, the rows that break it: each SQL answers with the name that `check` must find."""

from tests.config.breaking import (
    A_CENT_FROM_NET_TO_FEE,
    ACCOUNT,
    BY_NOTE_ALONE,
    CAUSE,
    CLIENT_OF_CASE,
    KEY,
    NAME_OF,
    OF_HOLD,
    PLACE,
    SOMEBODY,
    gone,
    movement,
    one,
    posting,
)
from tests.config.broken_bank_rows import OF_BANKS
from tests.config.broken_going_back import GOING_BACK
from tests.config.broken_own_rows import OF_OWN_MONEY
from tests.config.broken_papers import OF_PAPERS
from tests.config.broken_savings import EXCHANGING_AND_SAVING

BROKEN: dict[str, list[str]] = {
    **GOING_BACK,
    **OF_PAPERS,
    **EXCHANGING_AND_SAVING,
    "E1": [
        one("contracts_milestone", "released = released + 1", "state = 'delivered'"),
        one("escrow_hold", "purpose = 'milestone:' || t.worker", name=OF_HOLD),
    ],
    "E2": [
        one("escrow_hold", '"left" = "left" - 1', "state = 'open'"),
        one(
            "ledger_account",
            "balance = balance - 1",
            "code ~ '^escrow:' AND balance > 0",
            "substr(t.code, 8)",
        ),
        one("ledger_account", "code = 'escrow:of-nobody'", "code ~ '^escrow:'", "t.code"),
    ],
    "E3": [
        one("contracts_contract", "state = 'ended'", "state = 'active'"),
        one("escrow_hold", "state = 'closed'", "state = 'open'", OF_HOLD),
    ],
    "E4": [
        A_CENT_FROM_NET_TO_FEE,
        one("escrow_releaseline", "account = 'fees:gift'", "name = 'fee'", "t.release_id::text"),
        one("escrow_releaseline", "account = 'clearing:person:eve'", "name = 'net'", "t.release_id::text"),
        one("escrow_releaseline", "account = 'wallet:person:eve'", "name = 'returned'", "t.release_id::text"),
        one("escrow_releaseline", "amount = amount - 1", "name = 'client_fee'", "t.release_id::text"),
        one("escrow_release", "matures_at = matures_at - interval '1 day'", "net > 0"),
        posting("amount = amount + 1", "hold.split", CAUSE),
        posting("target_id = t.source_id", "hold.released", CAUSE),
        movement("hold.released", "release:of-nobody"),
    ],
    "E5": [
        one("escrow_release", "state = 'matured'", "state = 'clearing'"),
        posting("amount = amount + 1", "clearing.matured", CAUSE),
        posting("target_id = 1", "clearing.matured", CAUSE),
        movement("clearing.matured", "matured:of-nobody"),
    ],
    "E6": [one("ledger_account", "balance = balance + 1", "code ~ '^clearing:'", "t.code")],
    "E7": [
        one("escrow_holdpart", "amount = amount + 1", name="t.hold_id::text"),
        one("escrow_holdpart", "returned = returned + 1", name="t.hold_id::text"),
        posting("source_id = 1", "hold.placed", CAUSE),
    ],
    "E8": [one("escrow_hold", "frozen = frozen + 1", "state = 'open'", OF_HOLD)],
    "E8.lives": [
        one("contracts_milestone", "state = 'released'", "state = 'delivered'", "'milestone ' || t.id"),
        one("contracts_milestone", "state = 'delivered'", "state = 'released'", "'milestone ' || t.id"),
        gone("kernel_event", "name = 'payout.settled'", "'payout ' || t.subject_id"),
    ],
    "E9": [
        one("contracts_milestone", "amount = amount + 1", name="t.contract_id::text"),
        one("contracts_milestone", "title = 'Another'"),
        one("contracts_milestone", "due = '2031-01-01'"),
        gone("contracts_milestone", "number = 2", "t.contract_id::text"),
    ],
    "E10": [
        one(
            "contracts_acceptance",
            "hash = reverse(hash)",
            name="(SELECT contract_id::text FROM contracts_terms WHERE id = t.terms_id)",
        ),
        one(
            "contracts_acceptance",
            f"person_id = {SOMEBODY}",
            name="(SELECT contract_id::text FROM contracts_terms WHERE id = t.terms_id)",
        ),
        gone(
            "contracts_acceptance",
            "true",
            "(SELECT contract_id::text FROM contracts_terms WHERE id = t.terms_id)",
        ),
        one(
            "contracts_terms",
            "body = replace(body, '\"currency\"', ' \"currency\"')",
            name="t.contract_id::text",
        ),
        one("contracts_contract", "silence_days = silence_days - 1"),
        one("contracts_contract", "title = 'Something else'"),
    ],
    "E11": [
        one("contracts_milestone", "release_at = release_at - interval '1 hour'", "state = 'delivered'"),
        one(
            "kernel_event",
            "facts = facts || jsonb_build_object('release_at', at + interval '1 day')",
            "name = 'milestone.released' AND facts ? 'release_at'",
            "t.subject_id::text",
        ),
    ],
    "E11.in_time": [
        """
        WITH sign AS (
            INSERT INTO insights_sign (name, at, note)
            SELECT 'worker', max(release_at) + interval '76 seconds', ''
            FROM contracts_milestone WHERE state = 'delivered'
            ON CONFLICT (name) DO UPDATE SET at = excluded.at
        )
        SELECT t.id::text FROM contracts_milestone t JOIN escrow_hold h ON h.id = t.hold_id
        WHERE t.state = 'delivered' AND h."left" > h.frozen LIMIT 1
        """
    ],
    "E12": [
        one("payments_payout", "amount = amount + 1", "state = 'settled'"),
        one("payments_payout", "state = 'returned'", "state = 'settled'"),
        one("payments_payout", "state = 'sent'", "state = 'requested'"),
        posting("source_id = 1", "payout.sent", CAUSE),
        posting("amount = amount + 1", "payout.returned", CAUSE),
        gone("ledger_movement", "kind = 'payout.settled'", "split_part(t.key, ':', 2)"),
        movement("payout.settled", "payout.settled:of-nobody"),
    ],
    "I4": [
        one("payments_deposit", "amount = amount + 1", "state = 'settled'"),
        one("payments_deposit", f"person_id = {SOMEBODY}", "state = 'settled'"),
        one("payments_deposit", "state = 'settled'", "state = 'failed'"),
        one("payments_deposit", "currency = 'JPY'", "state = 'settled'"),
        posting("amount = amount + 1", "deposit.settled", CAUSE),
        gone(
            "payments_gatewaynotice",
            "outcome = 'followed'",
            "'deposit:' || t.deposit_id || ':' || (t.facts ->> 'serial')",
        ),
        movement("deposit.settled", "free-money"),
    ],
    "I5": [
        """
        WITH sign AS (
            INSERT INTO insights_sign (name, at, note)
            SELECT 'worker', min(started_at) + interval '26 hours', '' FROM payments_deposit
            ON CONFLICT (name) DO UPDATE SET at = excluded.at
        )
        UPDATE payments_deposit t SET state = 'started'
        WHERE id = (SELECT id FROM payments_deposit ORDER BY started_at, id LIMIT 1) RETURNING t.id::text
        """
    ],
    "L1": [
        posting("amount = -amount", "hold.placed", PLACE),
        posting("target_id = 0", "hold.placed", PLACE),
        """
        INSERT INTO ledger_movement (kind, key, at, facts) VALUES ('credit.given', 'empty', now(), '{}')
        RETURNING key
        """,
    ],
    "L2": [posting("source_id = 0", "deposit.settled", "'USD'")],
    "L3": [
        one("ledger_account", "balance = balance + 1", "code ~ '^wallet:'", ACCOUNT),
        one("ledger_account", "balance = 1", "derived", ACCOUNT),
    ],
    "L4": [
        posting("amount = amount + 1", "payout.returned", KEY),
        one(
            "ledger_movement",
            "reverses_id = (SELECT reverses_id FROM ledger_movement WHERE reverses_id IS NOT NULL LIMIT 1)",
            "kind = 'hold.placed'",
            "t.key",
        ),
    ],
    "L5": [
        posting(
            "amount = amount + 1000000000",
            "hold.placed",
            "(SELECT code || ' ' || currency FROM ledger_account WHERE id = t.source_id)",
        ),
        one("ledger_account", "derived = true", "code ~ '^wallet:'", ACCOUNT),
    ],
    "L6": [
        one(
            "ledger_movement", "key = (SELECT max(key) FROM ledger_movement)", "kind = 'hold.placed'", "t.key"
        )
    ],
    "L7": [
        """
        UPDATE ledger_account t SET currency = 'JPY' WHERE id = (
            SELECT target_id FROM ledger_posting JOIN ledger_account taker ON taker.id = target_id
            WHERE taker.code = 'outside:bank' ORDER BY movement_id LIMIT 1
        ) RETURNING (SELECT movement_id || '/' || step FROM ledger_posting WHERE target_id = t.id LIMIT 1)
        """
    ],
    "L8": [one("ledger_account", "balance = balance + 1", "code ~ '^wallet:'", ACCOUNT)],
    "L8.order": [one("ledger_posting", "step = 7", name="t.movement_id::text")],
    "L9": [
        one("ledger_seal", "head = digest", name="'seal through ' || t.through"),
        one("ledger_seal", "digest = head", name="'seal through ' || t.through"),
        one(
            "ledger_movement",
            "at = at + interval '1 second'",
            name="(SELECT 'seal through ' || min(through) FROM ledger_seal WHERE through >= t.id)",
        ),
        posting(
            "amount = amount + 1",
            "hold.placed",
            "(SELECT 'seal through ' || min(through) FROM ledger_seal WHERE through >= t.movement_id)",
        ),
    ],
    "L10": [
        posting(
            "source_id = (SELECT id FROM ledger_account WHERE code = 'fees:work' LIMIT 1),"
            " amount = 1000000000000",  # more than what the hall has of its own
            "deposit.settled",
            "'USD'",
        )
    ],
    "L11": [
        one(
            "ledger_snapshot",
            "balance = balance + 1",
            name=f"{NAME_OF.format('t.account_id')} || ' after ' || t.through",
        )
    ],
    "L11.months": [
        one(
            "ledger_closing",
            "balance = balance + 1",
            name=f"{NAME_OF.format('t.account_id')} || ' in ' || to_char(t.month, 'YYYY-MM')",
        )
    ],
    "P6.stars": [
        one(
            "reputation_feedback",
            "counts = NOT counts",
            "revealed_at IS NOT NULL",
            "(SELECT id::text FROM reputation_fact WHERE subject = 'feedback:' || t.id)",
        ),
        one("reputation_fact", "value = value - 1", "kind LIKE 'stars.%'"),
    ],
    "T5": [
        one("files_storedfile", "size = size + 1"),
        one("files_storedfile", "digest = reverse(digest)"),
        one("files_storedfile", "digest = 'none'"),
    ],
    "contracts.holds": [
        one("escrow_hold", "clearing_days = clearing_days + 1", name=OF_HOLD),
        one("escrow_hold", "worker = 'person:eve'", name=OF_HOLD),
        one("escrow_hold", "client_fee = client_fee + 1", name=OF_HOLD),
        one("escrow_hold", "deductions = jsonb_set(deductions, '{0,basis_points}', '1')", name=OF_HOLD),
        one(
            "escrow_holdpart",
            "party = 'person:eve'",
            name="(SELECT id::text FROM contracts_milestone WHERE hold_id = t.hold_id)",
        ),
    ],
    "contracts.refunds": [
        one("contracts_refund", "amount = amount + 1", "state = 'agreed'"),
        one("contracts_refund", "state = 'declined'", "state = 'agreed'"),
    ],
    "disputes.money": [
        one("disputes_case", "to_worker = to_worker - 1", "state = 'ruled'"),
        one("disputes_case", "state = 'withdrawn', to_worker = NULL", "state = 'agreed'"),
        one("disputes_case", "state = 'agreed', to_worker = 1", "state = 'open'"),
    ],
    "disputes.contested": [
        one("disputes_case", "contested = contested + 1", "state = 'open'"),
        one("disputes_contention", "contested = contested + 1", name="t.case_id::text"),
        gone("disputes_contention", "true", "t.case_id::text"),
        gone("kernel_event", "name = 'case.opened'", "t.subject_id::text"),
        one("disputes_contention", f"by_id = {SOMEBODY}"),
        one("disputes_contention", "currency = 'EUR'"),
    ],
    "disputes.refunds": [
        one("contracts_refund", "state = 'disputed'", "state = 'agreed'"),
        gone("disputes_contention", "refund_id IS NOT NULL", "t.refund_id::text"),
        one("disputes_contention", "contested = 1999", "refund_id IS NOT NULL", "t.refund_id::text"),
    ],
    "disputes.rulings": [
        gone("disputes_ruling", "true", "t.case_id::text"),
        one("disputes_ruling", "to_client = to_client - 1"),
        one(
            "disputes_ruling",
            f"by_id = {CLIENT_OF_CASE}",
        ),
        one("disputes_offer", "state = 'lapsed'", "state = 'accepted'", "t.case_id::text"),
        one("disputes_offer", "to_client = to_client - 1", "state = 'accepted'"),
        one("disputes_offer", "state = 'made'", "state = 'lapsed'"),
        one("disputes_offer", "to_client = to_client - 1", "state = 'lapsed'"),
        one("disputes_offer", "to_client = to_client + 3001", "state = 'lapsed'"),
    ],
    "files.access": [one("files_access", "at = at - interval '1 year'")],
    "jobs.contract_of_acceptance": [
        gone("jobs_acceptance", "true", "'proposal ' || t.proposal_id"),
        one("jobs_acceptance", "terms_hash = reverse(terms_hash)", name="'proposal ' || t.proposal_id"),
    ],
    "jobs.declined_with_reason": [gone("jobs_decline", "true", "'proposal ' || t.proposal_id")],
    "jobs.nobody_hires_themselves": [
        one(
            "jobs_proposal",
            "worker_id = (SELECT client_id FROM jobs_job WHERE id = t.job_id)",
            name="'proposal ' || t.id",
        )
    ],
    "jobs.one_winner": [one("jobs_proposal", "state = 'sent'", "state = 'accepted'", "'job ' || t.job_id")],
    "jobs.proposals_add_up": [
        one("jobs_proposal", "price = price + 1", name="'proposal ' || t.id"),
        one("jobs_proposalmilestone", "amount = amount + 1", name="'proposal ' || t.proposal_id"),
    ],
    "payments.owners": [one("ledger_account", "code = 'wallet:person:nobody'", "code ~ '^wallet:'", ACCOUNT)],
    **OF_BANKS,
    **OF_OWN_MONEY,
    "reputation.feedback": [
        one("reputation_feedback", f"by_id = {SOMEBODY}"),
        """
        WITH other AS (
            DELETE FROM reputation_feedback WHERE id = (SELECT max(id::text)::uuid FROM reputation_feedback)
            RETURNING contract_id, id
        )
        UPDATE reputation_feedback t SET revealed_at = reveal_at - interval '1 day' FROM other
        WHERE t.contract_id = other.contract_id AND t.id <> other.id RETURNING t.id::text
        """,
    ],
    "skills.named": [
        """
        WITH chosen AS (SELECT id, slug FROM skills_skill LIMIT 1),
            names AS (DELETE FROM skills_skillname n USING chosen WHERE n.skill_id = chosen.id)
        SELECT 'skill ' || slug FROM chosen
        """
    ],
    "talent.announced": [one("talent_profile", "handle = 'another'", name="'profile ' || t.handle")],
    "workroom.delivered": [
        one(
            "workroom_delivery",
            "at = at + interval '1 second'",
            "version = (SELECT max(version) FROM workroom_delivery o WHERE o.milestone_id = t.milestone_id)",
            "t.milestone_id::text",
        ),
        """
        WITH gone AS (
            DELETE FROM workroom_delivery d USING contracts_milestone m
            WHERE m.id = d.milestone_id AND m.state = 'delivered' RETURNING m.id
        )
        SELECT id::text FROM gone LIMIT 1
        """,
    ],
    "workroom.deliveries": [
        one(
            "workroom_delivery",
            "items = '{}'",
            BY_NOTE_ALONE,
        ),
        one("workroom_delivery", "version = version + 1", name="t.milestone_id::text"),
    ],
    "workroom.members": [
        one("workroom_message", f"by_id = {SOMEBODY}"),
        gone("files_access", "true", "(SELECT id::text FROM workroom_attachment WHERE file_id = t.file_id)"),
    ],
}
"""For each promise what breaks it: SQL that answers with the name of the row that `check` must find."""
