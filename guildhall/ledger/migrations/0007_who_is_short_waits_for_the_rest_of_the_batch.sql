-- Many movements at once. `p_movements` says, in rising order, to which movement each flow belongs.
-- Returns nothing when all of them were new and could move; else one row for each, in order, with its outcome.
-- Then they are taken in order, and those that are short again and again as long as others have moved since: whoever
-- spends what a later one brings waits for it, and only those stay out that nothing in the batch pays for.
--
-- One lock makes batches wait for each other: two at a time gain nothing, and their rows would lock crosswise.
-- Hash joins are off so that accounts are reached, and locked, in the order of their ids.
CREATE OR REPLACE FUNCTION ledger_move_batch(
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
    v_flow integer;
    v_first integer[];
    v_outcomes text[] := array_fill(NULL::text, ARRAY[cardinality(p_keys)]);
    v_found bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_keys)]);
    v_short text[] := v_outcomes;
    v_missing bigint[] := v_found;
    v_moves boolean := true;
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

        -- Whoever asks up to which number all is settled waits for this lock: without it, numbers drawn here and
        -- not yet written would count as settled when a later one is.
        LOCK TABLE ledger_movement IN ROW EXCLUSIVE MODE;
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
    v_first := ARRAY(
        SELECT min(flow.place)::integer FROM unnest(p_movements) WITH ORDINALITY AS flow(movement, place)
        GROUP BY flow.movement ORDER BY flow.movement);
    WHILE v_moves LOOP
        v_moves := false;
        FOR v_movement IN 1..cardinality(p_keys) LOOP
            CONTINUE WHEN v_outcomes[v_movement] <> 'short';
            v_flow := v_first[v_movement];
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
            SELECT one.outcome, one.movement, one.code, one.missing INTO outcome, movement, code, missing
            FROM (
                SELECT array_agg(v_codes[name] ORDER BY turn) AS codes,
                    array_agg(v_currencies[name] ORDER BY turn) AS currencies,
                    array_agg(p_derived[name] ORDER BY turn) AS derived
                FROM unnest(v_names) WITH ORDINALITY AS used(name, turn)
            ) used
            CROSS JOIN LATERAL ledger_move_one(
                used.codes, used.currencies, used.derived, v_kinds[v_movement], v_keys[v_movement],
                v_sources, v_targets, v_amounts, p_by, p_at, coalesce(p_facts[v_movement], '{}'), NULL, true) one;
            v_moves := v_moves OR outcome = 'moved';
            v_outcomes[v_movement] := outcome;
            v_found[v_movement] := movement;
            v_short[v_movement] := code;
            v_missing[v_movement] := missing;
        END LOOP;
        v_moves := v_moves AND 'short' = ANY (v_outcomes);
    END LOOP;
    FOR v_movement IN 1..cardinality(p_keys) LOOP
        place := v_movement;
        outcome := v_outcomes[v_movement];
        movement := v_found[v_movement];
        code := v_short[v_movement];
        missing := v_missing[v_movement];
        RETURN NEXT;
    END LOOP;
END
$$;
