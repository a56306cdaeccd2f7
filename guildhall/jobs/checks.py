"""What must always hold of jobs and proposals."""

from guildhall.kernel.registry import register_check

register_check(
    "jobs.one_winner",
    formula="a job is filled ⇔ exactly one of its proposals is accepted",
    count="SELECT count(*) FROM jobs_job",
    broken="""
        SELECT 'job ' || job.id, job.state || ' with ' || count(proposal.id) || ' accepted proposals'
        FROM jobs_job job
        LEFT JOIN jobs_proposal proposal ON proposal.job_id = job.id AND proposal.state = 'accepted'
        GROUP BY job.id
        HAVING (job.state = 'filled') <> (count(proposal.id) = 1)
    """,
)
register_check(
    "jobs.proposals_add_up",
    formula="Σ milestones of a proposal = its price, in the currency of its job",
    count="SELECT count(*) FROM jobs_proposal",
    broken="""
        SELECT 'proposal ' || proposal.id,
               proposal.price || ' ' || proposal.currency || ' against ' || coalesce(sum(step.amount), 0)
        FROM jobs_proposal proposal
        JOIN jobs_job job ON job.id = proposal.job_id
        LEFT JOIN jobs_proposalmilestone step ON step.proposal_id = proposal.id
        GROUP BY proposal.id, job.currency
        HAVING proposal.price <> coalesce(sum(step.amount), 0) OR proposal.currency <> job.currency
    """,
)
register_check(
    "jobs.contract_of_acceptance",
    formula="a proposal is accepted ⇔ one contract grew from it, under the terms accepted (E10)",
    count="SELECT count(*) FROM jobs_proposal",
    broken="""
        SELECT 'proposal ' || proposal.id,
               proposal.state || ', contract ' || coalesce(contract.id::text, 'none')
        FROM jobs_proposal proposal
        LEFT JOIN jobs_acceptance accepted ON accepted.proposal_id = proposal.id
        LEFT JOIN contracts_contract contract ON contract.origin = 'proposal:' || proposal.id
        LEFT JOIN contracts_terms terms ON terms.contract_id = contract.id AND terms.number = 1
        WHERE (proposal.state = 'accepted') <> (contract.id IS NOT NULL)
           OR (proposal.state = 'accepted') <> (accepted.id IS NOT NULL)
           OR accepted.contract <> contract.id
           OR terms.hash <> accepted.terms_hash
    """,
)
register_check(
    "jobs.nobody_hires_themselves",
    formula="no proposal is by the client of its job",
    count="SELECT count(*) FROM jobs_proposal",
    broken="""
        SELECT 'proposal ' || proposal.id, 'by the client ' || job.client_id
        FROM jobs_proposal proposal JOIN jobs_job job ON job.id = proposal.job_id
        WHERE proposal.worker_id = job.client_id
    """,
)
register_check(
    "jobs.declined_with_reason",
    formula="a proposal is declined ⇔ it holds a reason (P7)",
    count="SELECT count(*) FROM jobs_proposal",
    broken="""
        SELECT 'proposal ' || proposal.id, proposal.state
        FROM jobs_proposal proposal LEFT JOIN jobs_decline decline ON decline.proposal_id = proposal.id
        WHERE (proposal.state = 'declined') <> (decline.id IS NOT NULL)
    """,
)
