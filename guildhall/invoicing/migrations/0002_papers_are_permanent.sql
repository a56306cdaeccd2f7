-- What was made out stays as it is: a correction is another paper.
CREATE FUNCTION invoicing_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct a paper by a credit note', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER invoicing_invoice_is_permanent BEFORE UPDATE OR DELETE OR TRUNCATE ON invoicing_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_refuse_change();
CREATE TRIGGER invoicing_vatrate_is_permanent BEFORE UPDATE OR DELETE OR TRUNCATE ON invoicing_vatrate
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_refuse_change();
CREATE TRIGGER invoicing_series_stays BEFORE DELETE OR TRUNCATE ON invoicing_series
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_refuse_change();

-- A series only goes on, by one: no number is skipped and none is given twice.
CREATE FUNCTION invoicing_refuse_gap() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the series of % in % cannot go from % to %', OLD.issuer, OLD.year, OLD.last, NEW.last
        USING ERRCODE = 'check_violation';
END
$$;

CREATE TRIGGER invoicing_series_goes_on_by_one BEFORE UPDATE ON invoicing_series FOR EACH ROW
    WHEN (NEW.last <> OLD.last + 1 OR NEW.last_on < OLD.last_on
        OR (NEW.issuer, NEW.year) IS DISTINCT FROM (OLD.issuer, OLD.year))
    EXECUTE FUNCTION invoicing_refuse_gap();

-- A hall that has paid people before it made out papers has some to make out.
INSERT INTO invoicing_catchingup (since)
SELECT now() WHERE EXISTS (SELECT FROM escrow_release WHERE gross > 0);
