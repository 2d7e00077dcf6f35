-- clusters.record_faults: keep messages of Kafka that are no reports, each with all that is wrong with it.
CREATE OR REPLACE FUNCTION clusters.record_faults(
    p_topic text[], p_partition integer[], p_offset bigint[], p_key text[], p_produced timestamptz[], p_message text[], p_error text[], p_faults jsonb[]
) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
    INSERT INTO clusters.consumer_fault AS e (topic, partition, topic_offset, faults)
    SELECT f.topic, f.partition, f.topic_offset, f.faults
      FROM unnest(p_topic, p_partition, p_offset, p_faults) AS f (topic, partition, topic_offset, faults)
     ORDER BY f.topic, f.partition, f.topic_offset
    ON CONFLICT (topic, partition, topic_offset) DO UPDATE
       SET faults = excluded.faults
     WHERE e.faults <> excluded.faults; -- another message: the topic was made anew
    -- The column of old clients has 31 bits; two messages of one partition that meet there are 2147483648 messages apart: the later one stays.
    INSERT INTO public.consumer_error AS e (topic, partition, topic_offset, key, produced_at, consumed_at, message, error)
    SELECT f.topic, f.partition, (f.topic_offset & 2147483647)::integer, f.key, coalesce(f.produced, clock_timestamp()), clock_timestamp(), f.message, f.error
      FROM unnest(p_topic, p_partition, p_offset, p_key, p_produced, p_message, p_error)
        AS f (topic, partition, topic_offset, key, produced, message, error)
     ORDER BY f.topic, f.partition, f.topic_offset
    ON CONFLICT (topic, partition, topic_offset) DO UPDATE
       SET key = excluded.key, produced_at = excluded.produced_at, consumed_at = excluded.consumed_at, message = excluded.message, error = excluded.error
     WHERE (e.key, e.message, e.error) IS DISTINCT FROM (excluded.key, excluded.message, excluded.error)
$$;

COMMENT ON FUNCTION clusters.record_faults(text[], integer[], bigint[], text[], timestamptz[], text[], text[], jsonb[]) IS
'Keeps messages that are no reports in public.consumer_error and clusters.consumer_fault. One array element per message: topic, partition, offset, key, time, content (both with bytes that are no UTF-8 as \xNN), all faults in words, and one by one. A message that is kept already stays as it is; another one in its place, as in a topic made anew, replaces it.';

REVOKE ALL ON FUNCTION clusters.record_faults(text[], integer[], bigint[], text[], timestamptz[], text[], text[], jsonb[]) FROM public;
GRANT EXECUTE ON FUNCTION clusters.record_faults(text[], integer[], bigint[], text[], timestamptz[], text[], text[], jsonb[]) TO clusters_writer;
