-- clusters.rate: what an organisation thinks of a recommendation. The newest rating stands; when it was rated first is kept.
CREATE OR REPLACE FUNCTION clusters.rate(p_org bigint, p_rule text, p_error_key text, p_rating smallint) RETURNS text
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO public.advisor_ratings (org_id, rule_fqdn, error_key, rule_id, rating, rated_at, last_updated_at)
    SELECT p_org::text, p_rule, p_error_key, p_rule || '|' || p_error_key, p_rating, t.at, t.at
      FROM (SELECT timezone('utc', statement_timestamp()) AS at) AS t
    ON CONFLICT (org_id, rule_fqdn, error_key) DO UPDATE
       SET rating = excluded.rating, last_updated_at = excluded.last_updated_at
    RETURNING 'stored'
$$;

COMMENT ON FUNCTION clusters.rate(bigint, text, text, smallint) IS
'Stores how an organisation rates a recommendation: usually 1, 0 or -1. Outcome: stored.';

REVOKE ALL ON FUNCTION clusters.rate(bigint, text, text, smallint) FROM public;
GRANT EXECUTE ON FUNCTION clusters.rate(bigint, text, text, smallint) TO clusters_writer;
