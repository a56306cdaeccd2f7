"""What must always hold of contracts, terms and milestones."""

from guildhall.kernel.registry import register_check

register_check(
    "E1",
    formula="a milestone's hold has left exactly what of it is neither released nor returned",
    count="SELECT count(*) FROM contracts_milestone WHERE hold_id IS NOT NULL",
    broken="""
        SELECT milestone.id::text,
               'amount ' || milestone.amount || ' - released ' || milestone.released
               || ' - returned ' || milestone.returned || ' is not ' || hold."left" || ' left',
               ARRAY['escrow:' || hold.id || ' ' || hold.currency]
          FROM contracts_milestone milestone JOIN escrow_hold hold ON hold.id = milestone.hold_id
         WHERE milestone.amount::numeric - milestone.released - milestone.returned <> hold."left"
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
    "contracts.holds",
    formula="a milestone's hold is what its terms say: payer, worker, fees, days of clearing (E4)",
    count="SELECT count(*) FROM contracts_milestone WHERE hold_id IS NOT NULL",
    broken="""
        SELECT milestone.id::text, 'the hold of ' || hold.worker || ', deducting ' || hold.deductions
               || ', fee ' || hold.client_fee || ', is not what the terms say'
          FROM contracts_milestone milestone
          JOIN contracts_contract contract ON contract.id = milestone.contract_id
          JOIN escrow_hold hold ON hold.id = milestone.hold_id
          JOIN LATERAL (SELECT body::jsonb AS says FROM contracts_terms
                         WHERE contract_id = contract.id AND number = contract.terms_number) terms ON true
         WHERE hold.worker <> 'person:' || contract.worker_id
            OR hold.clearing_days <> (says ->> 'clearing_days')::int
            OR hold.client_fee <> div(hold.placed::numeric * (says ->> 'client_fee_bp')::int, 10000)
            OR hold.deductions <> jsonb_build_array(
                   jsonb_build_object(
                       'account', 'fees:work', 'basis_points', says -> 'worker_fee_bp', 'name', 'fee')
                   || CASE WHEN says ? 'fee_steps' THEN jsonb_build_object(
                       'steps', says -> 'fee_steps',
                       'before', (says ->> 'settled_before')::bigint + coalesce((
                           SELECT sum((one.says ->> 'amount')::bigint)
                           FROM jsonb_array_elements(says -> 'milestones')
                               WITH ORDINALITY AS one(says, number)
                           WHERE one.number < milestone.number), 0)) ELSE '{}' END)
               || coalesce((
                   SELECT jsonb_agg(jsonb_build_object('account', one -> 'account',
                       'basis_points', one -> 'basis_points', 'name', one -> 'name') ORDER BY place)
                   FROM jsonb_array_elements(says -> 'levies') WITH ORDINALITY AS levy(one, place)), '[]')
            OR (SELECT array_agg(party || ' ' || account) FROM escrow_holdpart WHERE hold_id = hold.id)
               <> ARRAY['person:' || contract.client_id || ' wallet:person:' || contract.client_id]
    """,
)
register_check(
    "E9",
    formula="milestones are those of the terms, one by one, and add up; none has paid out more than its own",
    count="SELECT count(*) FROM contracts_milestone",
    broken="""
        SELECT contract.id::text,
               contract.amount || ' agreed, ' || coalesce(sum(milestone.amount), 0) || ' in milestones'
          FROM contracts_contract contract
          LEFT JOIN contracts_milestone milestone ON milestone.contract_id = contract.id
         GROUP BY contract.id
        HAVING contract.amount <> coalesce(sum(milestone.amount), 0)
            OR bool_or(milestone.released::numeric + milestone.returned > milestone.amount)
            OR bool_or(milestone.currency <> contract.currency)
        UNION ALL
        SELECT coalesce(milestone.id, agreed.contract_id)::text,
               'part ' || coalesce(milestone.number, agreed.number) || ' is '
               || coalesce(milestone.amount || ' for ' || milestone.title, 'missing') || ', agreed was '
               || coalesce((agreed.says ->> 'amount') || ' for ' || (agreed.says ->> 'title'), 'nothing')
          FROM contracts_milestone milestone
          FULL JOIN (SELECT contract.id AS contract_id, one.number, one.says
                       FROM contracts_contract contract
                       JOIN contracts_terms terms
                         ON terms.contract_id = contract.id AND terms.number = contract.terms_number
                      CROSS JOIN LATERAL jsonb_array_elements(terms.body::jsonb -> 'milestones')
                                 WITH ORDINALITY AS one(says, number)) agreed
            ON agreed.contract_id = milestone.contract_id AND agreed.number = milestone.number
         WHERE (milestone.amount, milestone.title, milestone.due) IS DISTINCT FROM
               ((agreed.says ->> 'amount')::bigint, agreed.says ->> 'title', (agreed.says ->> 'due')::date)
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
            OR (SELECT array_agg(acceptance.person_id::text || acceptance.hash ORDER BY acceptance.person_id)
                  FROM contracts_acceptance acceptance WHERE acceptance.terms_id = terms.id)
               IS DISTINCT FROM
               (SELECT array_agg(side::text || terms.hash ORDER BY side)
                  FROM unnest(ARRAY[contract.client_id, contract.worker_id]) side)
            OR (terms.body::jsonb ->> 'title', terms.body::jsonb ->> 'currency',
                (terms.body::jsonb ->> 'client')::uuid, (terms.body::jsonb ->> 'worker')::uuid,
                (terms.body::jsonb ->> 'silence_days')::int)
               IS DISTINCT FROM
               (contract.title, contract.currency, contract.client_id, contract.worker_id,
                contract.silence_days)
            OR (SELECT sum((one ->> 'amount')::bigint)
                  FROM jsonb_array_elements(terms.body::jsonb -> 'milestones') one)
               IS DISTINCT FROM contract.amount
    """,
)
register_check(
    "contracts.refunds",
    formula="a request that was agreed to has returned its sum, once",
    count="SELECT count(*) FROM contracts_refund",
    broken="""
        SELECT refund.id::text, refund.state || ' over ' || refund.amount || ', returned ' || gone.sum
          FROM contracts_refund refund
          LEFT JOIN (SELECT event.facts ->> 'refund' AS refund, sum(release.returned) AS sum
                       FROM kernel_event event
                       JOIN escrow_release release ON release.id = (event.facts ->> 'release')::uuid
                      WHERE event.name IN ('milestone.returned', 'milestone.settled',
                                           'milestone.part_returned')
                        AND event.facts ? 'refund' GROUP BY 1) back ON back.refund = refund.id::text
         CROSS JOIN LATERAL (SELECT coalesce(back.sum, 0) AS sum) gone
         WHERE gone.sum <> CASE refund.state WHEN 'agreed' THEN refund.amount ELSE 0 END
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
