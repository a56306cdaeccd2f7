"""What must always hold of contracts, terms and milestones."""

from guildhall.kernel.registry import register_check

register_check(
    "E1",
    formula="a milestone's hold has left exactly what of it is neither released nor returned",
    count="SELECT count(*) FROM contracts_milestone WHERE hold_id IS NOT NULL",
    broken="""
        SELECT milestone.id::text,
               'amount ' || milestone.amount || ' - released ' || milestone.released
               || ' - returned ' || milestone.returned || ' is not ' || hold."left" || ' left'
          FROM contracts_milestone milestone JOIN escrow_hold hold ON hold.id = milestone.hold_id
         WHERE milestone.amount - milestone.released - milestone.returned <> hold."left"
            OR milestone.amount <> hold.placed OR milestone.currency <> hold.currency
            OR hold.purpose <> 'milestone:' || milestone.id
    """,
)
register_check(
    "E3",
    formula="an ended contract holds no money, and a finished milestone's hold is closed",
    count="SELECT count(*) FROM contracts_contract WHERE state = 'ended'",
    broken="""
        SELECT contract.id::text, 'ended, yet milestone ' || milestone.number || ' is ' || milestone.state
          FROM contracts_contract contract
          JOIN contracts_milestone milestone ON milestone.contract_id = contract.id
         WHERE contract.state = 'ended'
           AND milestone.state NOT IN ('released', 'returned', 'settled', 'dropped')
        UNION ALL
        SELECT milestone.id::text, milestone.state || ', yet its hold is ' || hold.state
          FROM contracts_milestone milestone JOIN escrow_hold hold ON hold.id = milestone.hold_id
         WHERE (milestone.state IN ('released', 'returned', 'settled')) <> (hold.state = 'closed')
    """,
)
register_check(
    "E9",
    formula="the milestones' sums add up to the contract's; none has released more than its own",
    count="SELECT count(*) FROM contracts_contract",
    broken="""
        SELECT contract.id::text,
               contract.amount || ' agreed, ' || coalesce(sum(milestone.amount), 0) || ' in milestones'
          FROM contracts_contract contract
          LEFT JOIN contracts_milestone milestone ON milestone.contract_id = contract.id
         GROUP BY contract.id
        HAVING contract.amount <> coalesce(sum(milestone.amount), 0)
            OR bool_or(milestone.released + milestone.returned > milestone.amount)
            OR bool_or(milestone.currency <> contract.currency)
    """,
)
register_check(
    "E10",
    formula="the terms in force hash to what both sides accepted, and the contract says what they say",
    count="SELECT count(*) FROM contracts_contract",
    broken="""
        SELECT contract.id::text, 'terms ' || contract.terms_number || ' are not what both sides accepted'
          FROM contracts_contract contract
          LEFT JOIN contracts_terms terms
            ON terms.contract_id = contract.id AND terms.number = contract.terms_number
         WHERE terms.id IS NULL
            OR terms.hash <> encode(sha256(convert_to(terms.body, 'UTF8')), 'hex')
            OR (SELECT count(*) FROM contracts_acceptance acceptance
                 WHERE acceptance.terms_id = terms.id AND acceptance.hash = terms.hash
                   AND acceptance.person_id IN (contract.client_id, contract.worker_id)) <> 2
            OR terms.body::jsonb ->> 'currency' <> contract.currency
            OR (terms.body::jsonb ->> 'client')::uuid <> contract.client_id
            OR (terms.body::jsonb ->> 'worker')::uuid <> contract.worker_id
            OR (terms.body::jsonb ->> 'silence_days')::int <> contract.silence_days
            OR (SELECT sum((one ->> 'amount')::bigint)
                  FROM jsonb_array_elements(terms.body::jsonb -> 'milestones') one) <> contract.amount
    """,
)
register_check(
    "E11",
    formula="silence pays a delivery at its own instant or later, its silence days after it at least",
    count="SELECT count(*) FROM contracts_milestone WHERE state = 'delivered'",
    broken="""
        SELECT milestone.id::text,
               'delivered ' || milestone.delivered_at || ', to be released ' || milestone.release_at
          FROM contracts_milestone milestone
          JOIN contracts_contract contract ON contract.id = milestone.contract_id
         WHERE milestone.state = 'delivered'
           AND milestone.release_at < milestone.delivered_at + contract.silence_days * interval '24 hours'
        UNION ALL
        SELECT event.subject_id::text,
               'released ' || event.at || ', before ' || (event.facts ->> 'release_at')
          FROM kernel_event event
         WHERE event.name IN ('milestone.released', 'milestone.settled', 'milestone.part_released')
           AND event.facts ? 'release_at' AND event.at < (event.facts ->> 'release_at')::timestamptz
    """,
)
