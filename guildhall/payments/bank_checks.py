"""The invariants of what banks wrote, as queries for the rows that break them."""

from guildhall.kernel.registry import register_check

register_check(
    "payments.bank_lines",
    formula="a line of a bank that is booked = Σ of its movements at its rail; any other has none",
    count="SELECT count(*) FROM payments_bankline WHERE amount <> 0",
    broken="""
        SELECT line.id::text, line.outcome || ' over ' || line.amount || ', booked are '
            || coalesce(sum(moved.change), 0), NULL::text[]
        FROM payments_bankline line
        LEFT JOIN payments_bookedline booked ON booked.line_id = line.id
        LEFT JOIN LATERAL (
            SELECT sum(CASE WHEN source.code = 'outside:' || line.rail THEN posting.amount ELSE 0 END
                - CASE WHEN target.code = 'outside:' || line.rail THEN posting.amount ELSE 0 END) AS change
            FROM ledger_posting posting
            JOIN ledger_account source ON source.id = posting.source_id
            JOIN ledger_account target ON target.id = posting.target_id
            WHERE posting.movement_id = booked.movement_id AND source.currency = line.currency
        ) moved ON true
        GROUP BY line.id
        HAVING coalesce(sum(moved.change), 0)
            <> CASE WHEN line.outcome IN ('waiting', 'unexplained') THEN 0 ELSE line.amount END
    """,
)

register_check(
    "payments.sent_back",
    formula="what goes back to its sender lies in transit until the bank says that it went",
    count="SELECT count(*) FROM payments_senderrefund",
    broken="""
        SELECT refund.id::text, refund.state || ' over ' || refund.amount || ', in transit '
            || coalesce(transit.balance, 0), NULL::text[]
        FROM payments_senderrefund refund
        LEFT JOIN ledger_account transit
            ON transit.code = 'transit:' || refund.id AND transit.currency = refund.currency
        WHERE coalesce(transit.balance, 0) <> CASE refund.state WHEN 'sent' THEN refund.amount ELSE 0 END
    """,
)
