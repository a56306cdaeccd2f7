-- The digest of all movements after one number and up to another: of their own digests, in their order. Of a movement
-- and its postings every fact is in it, each on a line of its own. Kind, key and facts are written as JSON, so that no
-- line break of theirs can pass for another line.
CREATE FUNCTION ledger_digest_of(p_after bigint, p_through bigint, OUT movements bigint, OUT digest bytea)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*),
        sha256(coalesce(string_agg(sha256(convert_to(line, 'UTF8')), ''::bytea ORDER BY id), ''::bytea))
    FROM (
        SELECT movement.id, concat_ws(E'\n',
            movement.id, to_json(movement.kind), to_json(movement.key), coalesce(movement.by::text, '-'),
            (extract(epoch FROM movement.at) * 1000000)::bigint, movement.facts::text,
            coalesce(movement.reverses_id::text, '-'),
            string_agg(
                concat_ws(' ', posting.step, source.code, target.code, posting.amount, source.currency),
                E'\n' ORDER BY posting.step)) AS line
        FROM ledger_movement movement
        LEFT JOIN ledger_posting posting ON posting.movement_id = movement.id
        LEFT JOIN ledger_account source ON source.id = posting.source_id
        LEFT JOIN ledger_account target ON target.id = posting.target_id
        WHERE movement.id > p_after AND movement.id <= p_through
        GROUP BY movement.id
    ) written
$$;

-- The head of the chain after a seal: of the head before, of what it covers, and of how far it reaches.
CREATE FUNCTION ledger_head_of(p_before bytea, p_digest bytea, p_through bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT sha256(coalesce(p_before, ''::bytea) || p_digest || int8send(p_through))
$$;

-- Seal what has settled since the last seal, up to a number; returns how many movements that were. One at a time.
CREATE FUNCTION ledger_seal_through(p_through bigint, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_last ledger_seal;
    v_new record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('guildhall.ledger.seal', 0));
    SELECT * INTO v_last FROM ledger_seal ORDER BY through DESC LIMIT 1;
    SELECT * INTO v_new FROM ledger_digest_of(coalesce(v_last.through, 0), p_through);
    IF v_new.movements > 0 THEN
        INSERT INTO ledger_seal (through, movements, digest, head, at)
        VALUES (p_through, v_new.movements, v_new.digest,
            ledger_head_of(v_last.head, v_new.digest, p_through), p_at);
    END IF;
    RETURN v_new.movements;
END
$$;

CREATE TRIGGER ledger_seal_is_permanent BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
