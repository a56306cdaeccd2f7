"""What must always hold of feedback and facts."""

from guildhall.kernel.registry import register_check

register_check(
    "reputation.feedback",
    formula="feedback is between the two sides of its contract, and shown when both are in or in its time",
    count="SELECT count(*) FROM reputation_feedback",
    broken="""
        SELECT feedback.id::text, 'not between the two sides of its contract'
          FROM reputation_feedback feedback
          JOIN contracts_contract contract ON contract.id = feedback.contract_id
         WHERE (feedback.by_id, feedback.about_id) NOT IN (
                   (contract.client_id, contract.worker_id), (contract.worker_id, contract.client_id))
        UNION ALL
        SELECT feedback.id::text, 'shown ' || feedback.revealed_at || ', before its time and alone'
          FROM reputation_feedback feedback
         WHERE feedback.revealed_at < feedback.reveal_at
           AND NOT EXISTS (SELECT FROM reputation_feedback other
                            WHERE other.contract_id = feedback.contract_id
                              AND other.by_id = feedback.about_id)
    """,
)
register_check(
    "P6.stars",
    formula="stars count only where money was settled under the contract",
    count="SELECT count(*) FROM reputation_feedback WHERE counts",
    broken="""
        SELECT feedback.id::text, 'counts, but nothing was paid'
          FROM reputation_feedback feedback
         WHERE feedback.counts
           AND NOT EXISTS (SELECT FROM contracts_milestone milestone
                            WHERE milestone.contract_id = feedback.contract_id AND milestone.released > 0)
        UNION ALL
        SELECT fact.id::text,
               fact.value || ' stars noted, but ' || coalesce(feedback.stars::text, 'none') || ' shown'
          FROM reputation_fact fact
          LEFT JOIN reputation_feedback feedback
            ON fact.subject = 'feedback:' || feedback.id AND feedback.about_id = fact.person_id
         WHERE fact.kind IN ('stars.as_client', 'stars.as_worker')
           AND (feedback.id IS NULL OR NOT feedback.counts OR feedback.revealed_at IS NULL
                OR feedback.stars <> fact.value)
    """,
)
