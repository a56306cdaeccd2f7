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
    "disputes.money",
    formula="a case that ended with a division has divided exactly that, once; any other has moved nothing",
    count="SELECT count(*) FROM disputes_case",
    broken="""
        SELECT dispute.id::text,
               dispute.state || ', to the worker ' || coalesce(dispute.to_worker::text, 'nothing yet')
               || ' of ' || dispute.contested || ', divided '
               || coalesce(string_agg(moved.gross || ' + ' || moved.returned, ', '), 'nothing')
          FROM disputes_case dispute
          LEFT JOIN (SELECT DISTINCT event.facts ->> 'case' AS "case", release.id, release.kind,
                            release.gross, release.returned, release.hold_id
                       FROM kernel_event event
                       JOIN escrow_release release ON release.id = (event.facts ->> 'release')::uuid
                      WHERE event.name IN ('milestone.released', 'milestone.returned', 'milestone.settled',
                                           'milestone.part_released', 'milestone.part_returned')
                        AND event.facts ? 'case') moved ON moved."case" = dispute.id::text
          JOIN contracts_milestone milestone ON milestone.id = dispute.milestone_id
         GROUP BY dispute.id
        HAVING (dispute.state IN ('agreed', 'ruled')) <> (dispute.to_worker IS NOT NULL)
            OR count(moved.id) <> CASE WHEN dispute.state IN ('agreed', 'ruled') THEN 1 ELSE 0 END
            OR bool_or((moved.kind, moved.gross, moved.returned, moved.hold_id) IS DISTINCT FROM
                       ('split', dispute.to_worker, dispute.contested - dispute.to_worker,
                        milestone.hold_id)) FILTER (WHERE moved.id IS NOT NULL)
    """,
)
register_check(
    "disputes.contested",
    formula="what a case contests is what it was opened with and what its two sides contested more",
    count="SELECT count(*) FROM disputes_case",
    broken="""
        SELECT dispute.id::text,
               'contests ' || dispute.contested || ', opened with '
               || coalesce(opened.facts ->> 'contested', 'nothing') || ', more ' || coalesce(more.sum, 0)
          FROM disputes_case dispute
          LEFT JOIN kernel_event opened ON opened.subject_id = dispute.id AND opened.name = 'case.opened'
          LEFT JOIN (SELECT case_id, sum(contested) AS sum FROM disputes_contention GROUP BY 1) more
                 ON more.case_id = dispute.id
         WHERE dispute.contested IS DISTINCT FROM
               (opened.facts ->> 'contested')::numeric + coalesce(more.sum, 0)
        UNION ALL
        SELECT contention.id::text, 'by neither side, in another currency, or withdrawn by another'
          FROM disputes_contention contention
          JOIN disputes_case dispute ON dispute.id = contention.case_id
          JOIN contracts_milestone milestone ON milestone.id = dispute.milestone_id
          JOIN contracts_contract contract ON contract.id = milestone.contract_id
         WHERE contention.by_id NOT IN (contract.client_id, contract.worker_id)
            OR contention.currency <> dispute.currency
            OR (dispute.state = 'withdrawn' AND contention.by_id <> dispute.opened_by_id)
    """,
)
register_check(
    "disputes.refunds",
    formula="a request that became a case has its case",
    count="SELECT count(*) FROM contracts_refund WHERE state = 'disputed'",
    broken="""
        SELECT refund.id::text, 'became a case that there is not'
          FROM contracts_refund refund
         WHERE refund.state = 'disputed'
           AND NOT EXISTS (SELECT FROM disputes_case dispute
                            WHERE dispute.milestone_id = refund.milestone_id
                              AND dispute.opened_at >= refund.asked_at)
           AND NOT EXISTS (SELECT FROM disputes_contention contention
                             JOIN disputes_case dispute ON dispute.id = contention.case_id
                            WHERE contention.refund_id = refund.id
                              AND contention.contested >= refund.amount
                              AND dispute.milestone_id = refund.milestone_id)
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
         WHERE ruling.to_worker::numeric + ruling.to_client <> dispute.contested
            OR dispute.to_worker <> ruling.to_worker OR dispute.state <> 'ruled'
        UNION ALL
        SELECT offer.id::text,
               offer.to_worker || ' + ' || offer.to_client || ' is not ' || dispute.contested
          FROM disputes_offer offer JOIN disputes_case dispute ON dispute.id = offer.case_id
          LEFT JOIN (SELECT case_id, sum(contested) AS sum FROM disputes_contention GROUP BY 1) more
                 ON more.case_id = dispute.id
         WHERE offer.to_worker::numeric + offer.to_client NOT BETWEEN
               CASE WHEN offer.state IN ('made', 'accepted') THEN dispute.contested
                    ELSE dispute.contested - coalesce(more.sum, 0) END AND dispute.contested
            OR (offer.state = 'accepted' AND dispute.state <> 'agreed')
            OR (offer.state = 'made' AND dispute.state <> 'open')
        UNION ALL
        SELECT dispute.id::text, dispute.state || ' with ' || count(DISTINCT ruling.id) || ' rulings and '
               || count(DISTINCT offer.id) || ' accepted offers'
          FROM disputes_case dispute
          LEFT JOIN disputes_ruling ruling ON ruling.case_id = dispute.id
          LEFT JOIN disputes_offer offer ON offer.case_id = dispute.id AND offer.state = 'accepted'
         GROUP BY dispute.id
        HAVING count(DISTINCT ruling.id) <> CASE dispute.state WHEN 'ruled' THEN 1 ELSE 0 END
            OR count(DISTINCT offer.id) <> CASE dispute.state WHEN 'agreed' THEN 1 ELSE 0 END
            OR min(offer.to_worker) <> min(dispute.to_worker)
        UNION ALL
        SELECT ruling.id::text, 'ruled by a side of the contract'
          FROM disputes_ruling ruling
          JOIN disputes_case dispute ON dispute.id = ruling.case_id
          JOIN contracts_milestone milestone ON milestone.id = dispute.milestone_id
          JOIN contracts_contract contract ON contract.id = milestone.contract_id
         WHERE ruling.by_id IN (contract.client_id, contract.worker_id)
    """,
)
