-- The money door within the database. These functions are the only writers of accounts, movements and
-- postings; they run with their owner's rights, so whoever serves the hall needs none of its own.

-- Balances are updated in place: half of each page stays free so that a new version fits beside the old one.
ALTER TABLE ledger_account SET (fillfactor = 50);

CREATE FUNCTION ledger_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct a movement by another one', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER ledger_movement_is_permanent BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_movement
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_posting_is_permanent BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_snapshot_is_permanent BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_snapshot
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_account_stays BEFORE DELETE OR TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_account_keeps_its_name BEFORE UPDATE OF id, code, currency, derived ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION ledger_check_name() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.currency !~ '^[A-Z]{3}$' OR NEW.code !~ '^[a-z]+(:[^[:space:]:]+)*$' OR NEW.balance <> 0 THEN
        RAISE EXCEPTION 'no account can be opened as % in %', NEW.code, NEW.currency
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER ledger_account_has_a_name BEFORE INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_check_name();

-- The ids of accounts in the order of their names; those that do not exist are opened.
CREATE FUNCTION ledger_find_accounts(p_codes text[], p_currencies text[], p_derived boolean[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_found bigint[];
BEGIN
    FOR attempt IN 1..2 LOOP
        v_found := ARRAY(
            SELECT account.id
            FROM unnest(p_codes, p_currencies) WITH ORDINALITY AS wanted(code, currency, place)
            LEFT JOIN ledger_account account ON account.code = wanted.code AND account.currency = wanted.currency
            ORDER BY wanted.place);
        EXIT WHEN array_position(v_found, NULL) IS NULL;
        -- In the order of names, so that two who open the same accounts wait for each other and never for ever.
        INSERT INTO ledger_account (code, currency, derived, balance)
        SELECT wanted.code, wanted.currency, wanted.derived, 0
        FROM unnest(p_codes, p_currencies, p_derived) AS wanted(code, currency, derived)
        ORDER BY wanted.code, wanted.currency
        ON CONFLICT (code, currency) DO NOTHING;
    END LOOP;
    RETURN v_found;
END
$$;

-- One movement between known accounts. `outcome` is one of
--   moved    the movement is new and its money has moved
--   same     its key had already moved exactly this
--   other    its key had already moved something else
--   short    `code` would have fallen below zero by `missing`
-- `p_may_be_known` looks for the key before anything is changed: dear for one, cheap for a batch that is resumed.
-- Floored accounts are locked in the order of their ids and before the movement takes its number, so that
-- numbers follow the order of each account's life and no two movements wait for each other in a ring.
CREATE FUNCTION ledger_move_between(
    p_kind text, p_key text, p_sources bigint[], p_targets bigint[], p_amounts bigint[],
    p_by uuid, p_at timestamptz, p_facts jsonb, p_reverses bigint, p_may_be_known boolean,
    OUT outcome text, OUT movement bigint, OUT code text, OUT missing bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_change record;
    v_done bigint[] := '{}';
    v_changes bigint[] := '{}';
    v_known boolean := p_may_be_known AND EXISTS (SELECT FROM ledger_movement WHERE key = p_key);
BEGIN
    IF NOT v_known THEN
        FOR v_change IN
            SELECT leg.account, sum(leg.amount)::bigint AS amount
            FROM (
                SELECT unnest(p_sources) AS account, -unnest(p_amounts) AS amount
                UNION ALL
                SELECT unnest(p_targets), unnest(p_amounts)
            ) leg
            JOIN ledger_account account ON account.id = leg.account AND NOT account.derived
            GROUP BY leg.account HAVING sum(leg.amount) <> 0
            ORDER BY leg.account
        LOOP
            UPDATE ledger_account account SET balance = account.balance + v_change.amount
            WHERE account.id = v_change.account AND account.balance + v_change.amount >= 0;
            IF NOT FOUND THEN
                SELECT account.code, -(account.balance + v_change.amount) INTO code, missing
                FROM ledger_account account WHERE account.id = v_change.account;
                EXIT;
            END IF;
            v_done := v_done || v_change.account;
            v_changes := v_changes || v_change.amount;
        END LOOP;
    END IF;

    IF NOT v_known AND missing IS NULL THEN
        INSERT INTO ledger_movement (kind, key, by, at, facts, reverses_id)
        VALUES (p_kind, p_key, p_by, p_at, p_facts, p_reverses)
        ON CONFLICT (key) DO NOTHING RETURNING id INTO movement;
    END IF;
    IF movement IS NOT NULL THEN
        INSERT INTO ledger_posting (movement_id, step, source_id, target_id, amount)
        SELECT movement, flow.step, flow.source, flow.target, flow.amount
        FROM unnest(p_sources, p_targets, p_amounts) WITH ORDINALITY AS flow(source, target, amount, step);
        outcome := 'moved';
        RETURN;
    END IF;

    -- Nothing may move: give back what was changed above. The rows are ours until the transaction ends.
    FOR place IN REVERSE cardinality(v_done)..1 LOOP
        UPDATE ledger_account account SET balance = account.balance - v_changes[place]
        WHERE account.id = v_done[place];
    END LOOP;
    SELECT
        earlier.id,
        CASE WHEN earlier.kind = p_kind AND earlier.reverses_id IS NOT DISTINCT FROM p_reverses
            AND (SELECT array_agg(ARRAY[posting.source_id, posting.target_id, posting.amount] ORDER BY step)
                 FROM ledger_posting posting WHERE posting.movement_id = earlier.id)
              = (SELECT array_agg(ARRAY[flow.source, flow.target, flow.amount] ORDER BY flow.step)
                 FROM unnest(p_sources, p_targets, p_amounts) WITH ORDINALITY
                   AS flow(source, target, amount, step))
        THEN 'same' ELSE 'other' END
    INTO movement, outcome
    FROM ledger_movement earlier WHERE earlier.key = p_key;
    outcome := coalesce(outcome, 'short');
END
$$;

-- One movement between named accounts. `p_sources` and `p_targets` are places in `p_codes`.
CREATE FUNCTION ledger_move(
    p_codes text[], p_currencies text[], p_derived boolean[],
    p_kind text, p_key text, p_sources integer[], p_targets integer[], p_amounts bigint[],
    p_by uuid, p_at timestamptz, p_facts jsonb, p_reverses bigint,
    OUT outcome text, OUT movement bigint, OUT code text, OUT missing bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_accounts bigint[] := ledger_find_accounts(p_codes, p_currencies, p_derived);
BEGIN
    SELECT moved.* INTO outcome, movement, code, missing
    FROM ledger_move_between(
        p_kind, p_key,
        ARRAY(SELECT v_accounts[place] FROM unnest(p_sources) WITH ORDINALITY AS s(place, step) ORDER BY step),
        ARRAY(SELECT v_accounts[place] FROM unnest(p_targets) WITH ORDINALITY AS t(place, step) ORDER BY step),
        p_amounts, p_by, p_at, p_facts, p_reverses, false) moved;
END
$$;

-- Many movements at once. `p_movements` says, in rising order, to which movement each flow belongs.
-- Returns nothing when all of them were new and could move; else one row for each, in order, with its outcome.
--
-- One lock makes batches wait for each other: two at a time gain nothing, and their rows would lock crosswise.
-- Hash joins are off so that accounts are reached, and locked, in the order of their ids.
CREATE FUNCTION ledger_move_batch(
    p_codes text[], p_currencies text[], p_derived boolean[],
    p_kinds text[], p_keys text[], p_facts jsonb[],
    p_movements integer[], p_steps smallint[], p_sources integer[], p_targets integer[], p_amounts bigint[],
    p_by uuid, p_at timestamptz)
RETURNS TABLE (place integer, outcome text, movement bigint, code text, missing bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    v_accounts bigint[];
    v_numbers bigint[];
    v_count integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('guildhall.ledger.batch', 0));
    v_accounts := ledger_find_accounts(p_codes, p_currencies, p_derived);
    BEGIN
        UPDATE ledger_account account SET balance = account.balance + change.amount
        FROM (
            SELECT v_accounts[leg.place] AS id, sum(leg.amount)::bigint AS amount
            FROM (
                SELECT unnest(p_sources) AS place, -unnest(p_amounts) AS amount
                UNION ALL
                SELECT unnest(p_targets), unnest(p_amounts)
            ) leg
            WHERE NOT p_derived[leg.place]
            GROUP BY leg.place HAVING sum(leg.amount) <> 0
            ORDER BY 1
        ) change
        WHERE account.id = change.id;

        v_numbers := ARRAY(
            SELECT nextval('ledger_movement_id_seq') FROM generate_series(1, cardinality(p_keys)));
        INSERT INTO ledger_movement (id, kind, key, by, at, facts)
        SELECT v_numbers[new.place], new.kind, new.key, p_by, p_at, coalesce(new.facts, '{}')
        FROM unnest(p_kinds, p_keys, p_facts) WITH ORDINALITY AS new(kind, key, facts, place)
        ON CONFLICT (key) DO NOTHING;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_count <> cardinality(p_keys) THEN
            RAISE EXCEPTION 'some of these keys have moved before' USING ERRCODE = 'unique_violation';
        END IF;

        INSERT INTO ledger_posting (movement_id, step, source_id, target_id, amount)
        SELECT v_numbers[flow.movement], flow.step, v_accounts[flow.source], v_accounts[flow.target], flow.amount
        FROM unnest(p_movements, p_steps, p_sources, p_targets, p_amounts)
            AS flow(movement, step, source, target, amount);
        RETURN;
    EXCEPTION WHEN check_violation OR unique_violation THEN
        NULL;  -- some cannot move, or have moved: look at each
    END;

    PERFORM 1 FROM ledger_account account
    WHERE account.id = ANY (v_accounts) AND NOT account.derived ORDER BY account.id FOR NO KEY UPDATE;
    RETURN QUERY
        SELECT each.place::integer, moved.outcome, moved.movement, moved.code, moved.missing
        FROM (
            SELECT flow.movement,
                array_agg(v_accounts[flow.source] ORDER BY flow.step) AS sources,
                array_agg(v_accounts[flow.target] ORDER BY flow.step) AS targets,
                array_agg(flow.amount ORDER BY flow.step) AS amounts
            FROM unnest(p_movements, p_steps, p_sources, p_targets, p_amounts)
                AS flow(movement, step, source, target, amount)
            GROUP BY flow.movement ORDER BY flow.movement
        ) flows
        JOIN unnest(p_kinds, p_keys, p_facts) WITH ORDINALITY AS each(kind, key, facts, place)
            ON each.place = flows.movement
        CROSS JOIN LATERAL ledger_move_between(
            each.kind, each.key, flows.sources, flows.targets, flows.amounts,
            p_by, p_at, coalesce(each.facts, '{}'), NULL, true) moved;
END
$$;

-- The number up to which no movement is still being written. It waits for those that are, for a moment.
CREATE FUNCTION ledger_last_settled_number() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE ledger_movement IN SHARE MODE;
    RETURN (SELECT coalesce(max(id), 0) FROM ledger_movement);
END
$$;

-- Remember what each derived account held after that number; later sums begin there. Returns how many moved.
CREATE FUNCTION ledger_take_snapshots(p_through bigint, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_count integer;
BEGIN
    INSERT INTO ledger_snapshot (account_id, through, balance, at)
    SELECT account.id, p_through, coalesce(last.balance, 0) + since.amount, p_at
    FROM ledger_account account
    LEFT JOIN LATERAL (
        SELECT snapshot.through, snapshot.balance FROM ledger_snapshot snapshot
        WHERE snapshot.account_id = account.id ORDER BY snapshot.through DESC LIMIT 1
    ) last ON true
    CROSS JOIN LATERAL (
        SELECT sum(leg.amount)::bigint AS amount FROM (
            SELECT posting.amount FROM ledger_posting posting
            WHERE posting.target_id = account.id AND posting.movement_id > coalesce(last.through, 0)
                AND posting.movement_id <= p_through
            UNION ALL
            SELECT -posting.amount FROM ledger_posting posting
            WHERE posting.source_id = account.id AND posting.movement_id > coalesce(last.through, 0)
                AND posting.movement_id <= p_through
        ) leg
    ) since
    WHERE account.derived AND since.amount IS NOT NULL
    ON CONFLICT (account_id, through) DO NOTHING;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
