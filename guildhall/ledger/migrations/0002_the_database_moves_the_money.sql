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

CREATE FUNCTION ledger_refuse_name() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'no account can be opened as % in % with %', NEW.code, NEW.currency, NEW.balance
        USING ERRCODE = 'check_violation';
END
$$;

-- As a condition of the trigger, so that only a name that is refused costs a call.
CREATE TRIGGER ledger_account_has_a_name BEFORE INSERT ON ledger_account FOR EACH ROW
    WHEN (NEW.currency !~ '^[A-Z]{3}$' OR NEW.code !~ '^[a-z]+(:[^[:space:]:]+)*$' OR NEW.balance <> 0)
    EXECUTE FUNCTION ledger_refuse_name();

-- Accounts that do not exist yet, opened in the order of names: two who open the same ones wait for each other
-- and never for ever.
CREATE FUNCTION ledger_open_accounts(p_codes text[], p_currencies text[], p_derived boolean[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO ledger_account (code, currency, derived, balance)
    SELECT wanted.code, wanted.currency, wanted.derived, 0
    FROM unnest(p_codes, p_currencies, p_derived) AS wanted(code, currency, derived)
    ORDER BY wanted.code, wanted.currency
    ON CONFLICT (code, currency) DO NOTHING
$$;

-- One movement between named accounts: `p_sources` and `p_targets` are places in `p_codes`. `outcome` is one of
--   moved    the movement is new and its money has moved
--   same     its key had already moved exactly this
--   other    its key had already moved something else
--   short    `code` would have fallen below zero by `missing`
-- `p_may_be_known` looks for the key before anything is changed: dear for one, cheap for a batch that is resumed.
-- Floored accounts are locked in the order of their ids and before the movement takes its number, so that
-- numbers follow the order of each account's life and no two movements wait for each other in a ring.
-- It has no rights of its own: `ledger_move` and `ledger_move_batch` lend it theirs.
CREATE FUNCTION ledger_move_one(
    p_codes text[], p_currencies text[], p_derived boolean[],
    p_kind text, p_key text, p_sources integer[], p_targets integer[], p_amounts bigint[],
    p_by uuid, p_at timestamptz, p_facts jsonb, p_reverses bigint, p_may_be_known boolean,
    OUT outcome text, OUT movement bigint, OUT code text, OUT missing bigint)
LANGUAGE plpgsql AS $$
DECLARE
    v_known boolean := p_may_be_known AND EXISTS (SELECT FROM ledger_movement WHERE key = p_key);
    v_changes bigint[] := array_fill(0::bigint, ARRAY[cardinality(p_codes)]);
    v_ids bigint[] := v_changes;
    v_done integer[] := '{}';
    v_account record;
BEGIN
    FOR flow IN 1..cardinality(p_amounts) LOOP
        v_changes[p_sources[flow]] := v_changes[p_sources[flow]] - p_amounts[flow];
        v_changes[p_targets[flow]] := v_changes[p_targets[flow]] + p_amounts[flow];
    END LOOP;

    LOOP
        FOR v_account IN
            SELECT account.id, account.derived, wanted.place::integer AS place, count(*) OVER () AS found
            FROM unnest(p_codes, p_currencies) WITH ORDINALITY AS wanted(code, currency, place)
            JOIN ledger_account account ON account.code = wanted.code AND account.currency = wanted.currency
            ORDER BY account.id
        LOOP
            EXIT WHEN v_account.found < cardinality(p_codes);
            v_ids[v_account.place] := v_account.id;
            CONTINUE WHEN v_known OR v_account.derived OR v_changes[v_account.place] = 0 OR missing IS NOT NULL;
            UPDATE ledger_account account SET balance = account.balance + v_changes[v_account.place]
            WHERE account.id = v_account.id AND account.balance + v_changes[v_account.place] >= 0;
            IF FOUND THEN
                v_done := v_done || v_account.place;
            ELSE
                SELECT p_codes[v_account.place], -(account.balance + v_changes[v_account.place])
                INTO code, missing FROM ledger_account account WHERE account.id = v_account.id;
            END IF;
        END LOOP;
        EXIT WHEN v_account.found = cardinality(p_codes);
        PERFORM ledger_open_accounts(p_codes, p_currencies, p_derived);
    END LOOP;

    IF NOT v_known AND missing IS NULL THEN
        INSERT INTO ledger_movement (kind, key, by, at, facts, reverses_id)
        VALUES (p_kind, p_key, p_by, p_at, p_facts, p_reverses)
        ON CONFLICT (key) DO NOTHING RETURNING id INTO movement;
    END IF;
    IF movement IS NOT NULL THEN
        INSERT INTO ledger_posting (movement_id, step, source_id, target_id, amount)
        SELECT movement, flow.step, v_ids[flow.source], v_ids[flow.target], flow.amount
        FROM unnest(p_sources, p_targets, p_amounts) WITH ORDINALITY AS flow(source, target, amount, step);
        outcome := 'moved';
        RETURN;
    END IF;

    -- Nothing may move: give back what was changed above. The rows are ours until the transaction ends.
    FOR turn IN REVERSE cardinality(v_done)..1 LOOP
        UPDATE ledger_account account SET balance = account.balance - v_changes[v_done[turn]]
        WHERE account.id = v_ids[v_done[turn]];
    END LOOP;
    SELECT
        earlier.id,
        CASE WHEN earlier.kind = p_kind AND earlier.reverses_id IS NOT DISTINCT FROM p_reverses
            AND (SELECT array_agg(ARRAY[posting.source_id, posting.target_id, posting.amount] ORDER BY step)
                 FROM ledger_posting posting WHERE posting.movement_id = earlier.id)
              = (SELECT array_agg(ARRAY[v_ids[flow.source], v_ids[flow.target], flow.amount] ORDER BY flow.step)
                 FROM unnest(p_sources, p_targets, p_amounts) WITH ORDINALITY
                   AS flow(source, target, amount, step))
        THEN 'same' ELSE 'other' END
    INTO movement, outcome
    FROM ledger_movement earlier WHERE earlier.key = p_key;
    outcome := coalesce(outcome, 'short');
END
$$;

-- One movement, with the rights of the ledger's owner. Lists of unknown length would else be planned anew each time.
CREATE FUNCTION ledger_move(
    p_codes text[], p_currencies text[], p_derived boolean[],
    p_kind text, p_key text, p_sources integer[], p_targets integer[], p_amounts bigint[],
    p_by uuid, p_at timestamptz, p_facts jsonb, p_reverses bigint,
    OUT outcome text, OUT movement bigint, OUT code text, OUT missing bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_one record := ledger_move_one(
        p_codes, p_currencies, p_derived, p_kind, p_key, p_sources, p_targets, p_amounts,
        p_by, p_at, p_facts, p_reverses, false);
BEGIN
    outcome := v_one.outcome;
    movement := v_one.movement;
    code := v_one.code;
    missing := v_one.missing;
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
    -- Copies of long lists of text: reaching into a parameter would read it from its start each time.
    v_codes text[] := p_codes;
    v_currencies text[] := p_currencies;
    v_kinds text[] := p_kinds;
    v_keys text[] := p_keys;
    v_flow integer := 1;
    v_names integer[];
    v_sources integer[];
    v_targets integer[];
    v_amounts bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('guildhall.ledger.batch', 0));
    FOR attempt IN 1..2 LOOP
        v_accounts := ARRAY(
            SELECT account.id
            FROM unnest(p_codes, p_currencies) WITH ORDINALITY AS wanted(code, currency, place)
            LEFT JOIN ledger_account account ON account.code = wanted.code AND account.currency = wanted.currency
            ORDER BY wanted.place);
        EXIT WHEN array_position(v_accounts, NULL) IS NULL;
        PERFORM ledger_open_accounts(p_codes, p_currencies, p_derived);
    END LOOP;
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
    FOR v_movement IN 1..cardinality(p_keys) LOOP
        v_names := '{}';
        v_sources := '{}';
        v_targets := '{}';
        v_amounts := '{}';
        WHILE p_movements[v_flow] = v_movement LOOP
            IF NOT p_sources[v_flow] = ANY (v_names) THEN v_names := v_names || p_sources[v_flow]; END IF;
            IF NOT p_targets[v_flow] = ANY (v_names) THEN v_names := v_names || p_targets[v_flow]; END IF;
            v_sources := v_sources || array_position(v_names, p_sources[v_flow]);
            v_targets := v_targets || array_position(v_names, p_targets[v_flow]);
            v_amounts := v_amounts || p_amounts[v_flow];
            v_flow := v_flow + 1;
        END LOOP;
        SELECT v_movement, one.outcome, one.movement, one.code, one.missing
        INTO place, outcome, movement, code, missing
        FROM (
            SELECT array_agg(v_codes[name] ORDER BY turn) AS codes,
                array_agg(v_currencies[name] ORDER BY turn) AS currencies,
                array_agg(p_derived[name] ORDER BY turn) AS derived
            FROM unnest(v_names) WITH ORDINALITY AS used(name, turn)
        ) used
        CROSS JOIN LATERAL ledger_move_one(
            used.codes, used.currencies, used.derived, v_kinds[v_movement], v_keys[v_movement],
            v_sources, v_targets, v_amounts, p_by, p_at, coalesce(p_facts[v_movement], '{}'), NULL, true) one;
        RETURN NEXT;
    END LOOP;
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
