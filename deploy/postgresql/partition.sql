-- Makes the table of impressions one of months, or adds the months to come to one that is; see
-- docs/running.md. Run it in a pause, as the tables' owner; it is one transaction:
--   psql "$SHOPCLERK_DATABASE_URL" --single-transaction -v ON_ERROR_STOP=1 -f partition.sql
-- A month that nobody needs any more: DROP TABLE impression_2025_01;
LOCK TABLE impression IN ACCESS EXCLUSIVE MODE;

DO $$
DECLARE
    found record;
    later text[] := '{}';  -- what is made again once the rows have moved
    step text;
    month timestamptz;
    last_month timestamptz := date_trunc('month', now(), 'UTC') + interval '24 months';
    first_micros bigint;
    is_whole boolean := (SELECT relkind = 'r' FROM pg_class WHERE oid = 'impression'::regclass);
BEGIN
    IF is_whole THEN
        -- Keys to an impression would need its month as well; the program checks them itself.
        FOR found IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
                     WHERE contype = 'f' AND confrelid = 'impression'::regclass LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.owner, found.conname);
        END LOOP;
        FOR found IN SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
                     WHERE contype = 'f' AND conrelid = 'impression'::regclass LOOP
            later := later || format('ALTER TABLE impression ADD CONSTRAINT %I %s',
                                     found.conname, found.definition);
        END LOOP;
        FOR found IN SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index
                     WHERE indrelid = 'impression'::regclass AND NOT indisprimary LOOP
            later := later || found.definition;
        END LOOP;
        ALTER TABLE impression RENAME TO impression_whole;
        CREATE TABLE impression (LIKE impression_whole INCLUDING DEFAULTS)
            PARTITION BY RANGE (shown_at);
        CREATE TABLE impression_rest PARTITION OF impression DEFAULT;
        SELECT min(shown_at) INTO first_micros FROM impression_whole;
    END IF;

    -- From the oldest month there is, or from this one on; months that are there are passed.
    month := date_trunc('month', coalesce(to_timestamp(first_micros / 1000000), now()), 'UTC');
    WHILE month < last_month LOOP
        IF to_regclass('impression_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM')) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF impression FOR VALUES FROM (%s) TO (%s)',
                'impression_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM'),
                (extract(epoch FROM month) * 1000000)::bigint,
                (extract(epoch FROM date_trunc('month', month + interval '32 days', 'UTC'))
                    * 1000000)::bigint
            );
        END IF;
        month := date_trunc('month', month + interval '32 days', 'UTC');
    END LOOP;

    IF is_whole THEN
        INSERT INTO impression SELECT * FROM impression_whole;
        DROP TABLE impression_whole;
        ALTER TABLE impression
            ADD CONSTRAINT pk_impression PRIMARY KEY (impression_id, shown_at);
        FOREACH step IN ARRAY later LOOP
            EXECUTE step;
        END LOOP;
    END IF;
END $$;
