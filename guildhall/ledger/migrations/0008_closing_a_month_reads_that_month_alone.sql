-- Close a month: remember which movements it holds and what each account that moved in it held at its end. Months
-- are closed in their order, each once, when nothing of them can still be written. Returns how many accounts moved.
-- It reads from where the month before said that all the rest lies, so an old hall closes a month as quickly as a new one.
CREATE OR REPLACE FUNCTION ledger_close_month(p_month date, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_start timestamptz := p_month::timestamp AT TIME ZONE 'UTC';
    v_end timestamptz := (p_month + interval '1 month') AT TIME ZONE 'UTC';
    v_rest bigint := coalesce((SELECT rest FROM ledger_month ORDER BY month DESC LIMIT 1), 0);
    v_first bigint;
    v_last bigint;
    v_count integer;
BEGIN
    IF p_month <> date_trunc('month', p_month) OR v_end + interval '1 day' > p_at
        OR EXISTS (SELECT FROM ledger_month WHERE month >= p_month)
    THEN
        RAISE EXCEPTION 'the month % cannot be closed', p_month USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO ledger_month (month, first, last, rest, at)
    SELECT p_month, own.first, own.last, coalesce(later.first, own.last + 1, nullif(v_rest, 0), 1), p_at
    FROM (
        SELECT min(id) AS first, max(id) AS last
        FROM ledger_movement WHERE id >= v_rest AND at >= v_start AND at < v_end
    ) own
    CROSS JOIN (SELECT min(id) AS first FROM ledger_movement WHERE id >= v_rest AND at >= v_end) later
    RETURNING first, last INTO v_first, v_last;
    INSERT INTO ledger_closing (account_id, month, balance)
    SELECT moved.account_id, p_month, coalesce(before.balance, 0) + moved.amount
    FROM (
        SELECT leg.account_id, sum(leg.amount)::bigint AS amount
        FROM ledger_movement movement
        JOIN ledger_posting posting
            ON posting.movement_id = movement.id AND posting.movement_id BETWEEN v_first AND v_last
        CROSS JOIN LATERAL (
            VALUES (posting.target_id, posting.amount), (posting.source_id, -posting.amount)
        ) leg(account_id, amount)
        WHERE movement.id BETWEEN v_first AND v_last AND movement.at >= v_start AND movement.at < v_end
        GROUP BY leg.account_id
    ) moved
    LEFT JOIN LATERAL (
        SELECT closing.balance FROM ledger_closing closing
        WHERE closing.account_id = moved.account_id AND closing.month < p_month
        ORDER BY closing.month DESC LIMIT 1
    ) before ON true;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
