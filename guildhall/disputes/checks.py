"""What must always hold of cases."""

from guildhall.kernel.registry import register_check

register_check(
    "E8",
    formula="frozen of a milestone = contested by its open case + asked for by its unanswered request",
    count="SELECT count(*) FROM contracts_milestone WHERE hold_id IS NOT NULL",
    broken="""
        SELECT milestone.id::text,
               'frozen ' || hold.frozen || ', contested ' || coalesce(contested.sum, 0)
               || ', asked ' || coalesce(asked.sum, 0)
          FROM contracts_milestone milestone
          JOIN escrow_hold hold ON hold.id = milestone.hold_id
          LEFT JOIN (SELECT milestone_id, sum(contested) AS sum FROM disputes_case
                      WHERE state = 'open' GROUP BY 1) contested ON contested.milestone_id = milestone.id
          LEFT JOIN (SELECT milestone_id, sum(amount) AS sum FROM contracts_refund
                      WHERE state = 'asked' GROUP BY 1) asked ON asked.milestone_id = milestone.id
         WHERE hold.frozen <> coalesce(contested.sum, 0) + coalesce(asked.sum, 0)
    """,
)
register_check(
    "disputes.rulings",
    formula="a ruled or agreed case divided exactly what it contested, and no side ruled its own",
    count="SELECT count(*) FROM disputes_case",
    broken="""
        SELECT ruling.id::text,
               ruling.to_worker || ' + ' || ruling.to_client || ' is not ' || dispute.contested
          FROM disputes_ruling ruling JOIN disputes_case dispute ON dispute.id = ruling.case_id
         WHERE ruling.to_worker + ruling.to_client <> dispute.contested
            OR dispute.to_worker <> ruling.to_worker OR dispute.state <> 'ruled'
        UNION ALL
        SELECT offer.id::text,
               offer.to_worker || ' + ' || offer.to_client || ' is not ' || dispute.contested
          FROM disputes_offer offer JOIN disputes_case dispute ON dispute.id = offer.case_id
         WHERE offer.to_worker + offer.to_client <> dispute.contested
            OR (offer.state = 'accepted' AND dispute.state <> 'agreed')
            OR (offer.state = 'made' AND dispute.state <> 'open')
        UNION ALL
        SELECT ruling.id::text, 'ruled by a side of the contract'
          FROM disputes_ruling ruling
          JOIN disputes_case dispute ON dispute.id = ruling.case_id
          JOIN contracts_milestone milestone ON milestone.id = dispute.milestone_id
          JOIN contracts_contract contract ON contract.id = milestone.contract_id
         WHERE ruling.by_id IN (contract.client_id, contract.worker_id)
    """,
)
