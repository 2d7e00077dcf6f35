-- What locking all that a migration needs asks.

-- name: want
-- Names for the block below, which takes no parameters, and how long it may take.
SELECT set_config('evistore.wanted', array_to_string(%(names)s::text [], ' '), true), set_config('statement_timeout', %(wait)s::text, true)

-- name: hold
-- LOCK TABLE on a view would lock what it reads as well; whoever gives it an owner, be it the one it has, locks the view alone.
DO $$
DECLARE
    v_one record;
BEGIN
    FOR v_one IN
        SELECT c.oid::regclass::text AS name, c.relkind = 'v' AS is_view
          FROM unnest(string_to_array(current_setting('evistore.wanted'), ' ')) AS w (name)
          JOIN pg_catalog.pg_class AS c ON c.oid = to_regclass(w.name)
         WHERE c.relkind IN ('r', 'p', 'v')
         ORDER BY is_view, name
    LOOP
        IF v_one.is_view THEN
            EXECUTE 'ALTER VIEW ' || v_one.name || ' OWNER TO cdviz';
        ELSE
            EXECUTE 'LOCK TABLE ' || v_one.name || ' IN ACCESS EXCLUSIVE MODE';
        END IF;
    END LOOP;
END
$$

-- name: done
-- From here on statements may take as long as they need.
SELECT set_config('statement_timeout', '0', true)
