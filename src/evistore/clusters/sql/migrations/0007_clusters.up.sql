-- Cluster evidence. The tables of `public` and `dvo` are those of the Insights Results Aggregator at its versions 32 and 4, to the column: its
-- clients read them. A database of that system keeps its own (IF NOT EXISTS), once the adoption has found them to be the same.
-- All `timestamp` columns there are without zone and hold UTC. What is ours is in `clusters`.

CREATE SCHEMA IF NOT EXISTS dvo;
COMMENT ON SCHEMA dvo IS 'Cluster evidence: workloads that the Deployment Validation Operator recommends to change.';
CREATE SCHEMA clusters;
COMMENT ON SCHEMA clusters IS 'Cluster evidence: functions that store and settle it, its history, and views over it.';

CREATE TABLE IF NOT EXISTS public.report (
    org_id integer NOT NULL,
    cluster varchar NOT NULL,
    report varchar NOT NULL,
    reported_at timestamp,
    last_checked_at timestamp,
    kafka_offset bigint NOT NULL DEFAULT 0,
    gathered_at timestamp,
    CONSTRAINT report_pkey PRIMARY KEY (org_id, cluster),
    CONSTRAINT report_cluster_key UNIQUE (cluster)
);
CREATE INDEX IF NOT EXISTS report_kafka_offset_btree_idx ON public.report (kafka_offset);
CREATE INDEX IF NOT EXISTS report_org_id_reported_at_idx ON public.report (org_id, reported_at);
CREATE INDEX IF NOT EXISTS report_last_checked_at_idx ON public.report (last_checked_at NULLS FIRST, cluster) INCLUDE (org_id);
-- A report of 10 kB is written with every message: compressing it must cost little. Servers built without LZ4 keep their default.
DO $$
BEGIN
    ALTER TABLE public.report ALTER COLUMN report SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;
COMMENT ON TABLE public.report IS 'One row per cluster: the newest valid report, over all organisations.';
COMMENT ON COLUMN public.report.org_id IS 'Organisation the cluster belongs to.';
COMMENT ON COLUMN public.report.cluster IS 'Cluster, as its messages name it (a UUID).';
COMMENT ON COLUMN public.report.report IS 'The Report object of the message as compact JSON, names sorted on the outer level.';
COMMENT ON COLUMN public.report.reported_at IS 'When it was stored (UTC).';
COMMENT ON COLUMN public.report.last_checked_at IS 'LastChecked of the message (UTC); only a later one replaces the row.';
COMMENT ON COLUMN public.report.kafka_offset IS 'Offset of the message in its partition; 0 where it did not come from Kafka.';
COMMENT ON COLUMN public.report.gathered_at IS 'When the cluster gathered the data (UTC), where the message says so.';
COMMENT ON INDEX public.report_kafka_offset_btree_idx IS 'Kept for old clients.';
COMMENT ON INDEX public.report_org_id_reported_at_idx IS 'Clusters of an organisation that reported lately.';
COMMENT ON INDEX public.report_last_checked_at_idx IS 'Clusters that were not heard of for longest.';

CREATE TABLE IF NOT EXISTS public.rule_hit (
    org_id integer NOT NULL,
    cluster_id varchar NOT NULL,
    rule_fqdn varchar NOT NULL,
    error_key varchar NOT NULL,
    template_data varchar NOT NULL,
    created_at timestamp,
    CONSTRAINT rule_hit_pkey PRIMARY KEY (cluster_id, org_id, rule_fqdn, error_key)
);
COMMENT ON TABLE public.rule_hit IS 'One row per rule that the newest report of a cluster hits.';
COMMENT ON COLUMN public.rule_hit.org_id IS 'Organisation of the cluster.';
COMMENT ON COLUMN public.rule_hit.cluster_id IS 'Cluster.';
COMMENT ON COLUMN public.rule_hit.rule_fqdn IS 'Component of the rule as sent, with its .report.';
COMMENT ON COLUMN public.rule_hit.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN public.rule_hit.template_data IS 'Details of the hit, byte for byte as sent.';
COMMENT ON COLUMN public.rule_hit.created_at IS 'When the hit was first stored since it last came up (UTC).';

CREATE TABLE IF NOT EXISTS public.recommendation (
    org_id integer NOT NULL,
    cluster_id varchar NOT NULL,
    rule_fqdn text NOT NULL,
    error_key varchar NOT NULL,
    rule_id varchar NOT NULL DEFAULT '.',
    created_at timestamp DEFAULT timezone('utc', now()),
    impacted_since timestamp,
    CONSTRAINT recommendation_pk PRIMARY KEY (org_id, cluster_id, rule_fqdn, error_key)
);
CREATE INDEX IF NOT EXISTS recommendation_rule_id_org_id_idx ON public.recommendation (rule_id, org_id);
COMMENT ON TABLE public.recommendation IS 'One row per recommendation that the newest report of a cluster gives.';
COMMENT ON COLUMN public.recommendation.org_id IS 'Organisation of the cluster.';
COMMENT ON COLUMN public.recommendation.cluster_id IS 'Cluster.';
COMMENT ON COLUMN public.recommendation.rule_fqdn IS 'Component of the rule without its .report.';
COMMENT ON COLUMN public.recommendation.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN public.recommendation.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';
COMMENT ON COLUMN public.recommendation.created_at IS 'When the row was made (UTC); a report that repeats the recommendation leaves it alone.';
COMMENT ON COLUMN public.recommendation.impacted_since IS 'Since when the cluster has the recommendation without a gap, by time of storing (UTC, whole seconds).';
COMMENT ON INDEX public.recommendation_rule_id_org_id_idx IS 'Clusters that a rule hits, of an organisation or of all.';

CREATE TABLE IF NOT EXISTS public.report_info (
    org_id integer NOT NULL,
    cluster_id varchar NOT NULL,
    version_info varchar NOT NULL,
    CONSTRAINT report_info_pkey PRIMARY KEY (org_id, cluster_id),
    CONSTRAINT report_info_cluster_id_key UNIQUE (cluster_id)
);
COMMENT ON TABLE public.report_info IS 'One row per cluster whose newest report tells its version.';
COMMENT ON COLUMN public.report_info.org_id IS 'Organisation of the cluster.';
COMMENT ON COLUMN public.report_info.cluster_id IS 'Cluster.';
COMMENT ON COLUMN public.report_info.version_info IS 'Version of the cluster, such as 4.14.1.';

CREATE TABLE IF NOT EXISTS public.cluster_rule_toggle (
    cluster_id varchar NOT NULL,
    rule_id varchar NOT NULL,
    disabled smallint NOT NULL,
    disabled_at timestamp,
    enabled_at timestamp,
    updated_at timestamp NOT NULL,
    disabled_check smallint,
    error_key varchar NOT NULL DEFAULT '',
    org_id varchar NOT NULL DEFAULT '0',
    CONSTRAINT cluster_rule_toggle_pkey PRIMARY KEY (cluster_id, rule_id, error_key),
    CONSTRAINT cluster_rule_toggle_disabled_check CHECK (disabled >= 0 AND disabled <= 1)
);
CREATE INDEX IF NOT EXISTS cluster_rule_toggle_org_id_idx ON public.cluster_rule_toggle (org_id);
COMMENT ON TABLE public.cluster_rule_toggle IS 'One row per rule that somebody has ever disabled for one cluster.';
COMMENT ON COLUMN public.cluster_rule_toggle.cluster_id IS 'Cluster.';
COMMENT ON COLUMN public.cluster_rule_toggle.rule_id IS 'Rule as the client named it, usually with .report.';
COMMENT ON COLUMN public.cluster_rule_toggle.disabled IS '1 while it is disabled, 0 since it was enabled again.';
COMMENT ON COLUMN public.cluster_rule_toggle.disabled_at IS 'When it was disabled (UTC); null since it was enabled again.';
COMMENT ON COLUMN public.cluster_rule_toggle.enabled_at IS 'When it was enabled again (UTC); null while it is disabled.';
COMMENT ON COLUMN public.cluster_rule_toggle.updated_at IS 'When somebody touched it last (UTC).';
COMMENT ON COLUMN public.cluster_rule_toggle.disabled_check IS 'Not used; old clients select it.';
COMMENT ON COLUMN public.cluster_rule_toggle.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN public.cluster_rule_toggle.org_id IS 'Organisation of the cluster, as text.';
COMMENT ON INDEX public.cluster_rule_toggle_org_id_idx IS 'Rules that are disabled in an organisation.';

CREATE TABLE IF NOT EXISTS public.cluster_rule_user_feedback (
    cluster_id varchar NOT NULL,
    rule_id varchar NOT NULL,
    user_id varchar NOT NULL,
    message varchar NOT NULL,
    user_vote smallint NOT NULL,
    added_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    error_key varchar NOT NULL DEFAULT '',
    org_id varchar NOT NULL DEFAULT '0',
    CONSTRAINT cluster_rule_user_feedback_pkey PRIMARY KEY (cluster_id, rule_id, user_id, error_key),
    CONSTRAINT cluster_rule_user_feedback_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.report (cluster) ON DELETE CASCADE
);
COMMENT ON TABLE public.cluster_rule_user_feedback IS 'One row per user who ever voted on a hit of a cluster.';
COMMENT ON COLUMN public.cluster_rule_user_feedback.cluster_id IS 'Cluster; the vote goes with its report.';
COMMENT ON COLUMN public.cluster_rule_user_feedback.rule_id IS 'Rule as the client named it, usually with .report.';
COMMENT ON COLUMN public.cluster_rule_user_feedback.user_id IS 'Who voted.';
COMMENT ON COLUMN public.cluster_rule_user_feedback.message IS 'What the user wrote with the last vote.';
COMMENT ON COLUMN public.cluster_rule_user_feedback.user_vote IS '1 like, -1 dislike, 0 taken back.';
COMMENT ON COLUMN public.cluster_rule_user_feedback.added_at IS 'When the user voted first (UTC).';
COMMENT ON COLUMN public.cluster_rule_user_feedback.updated_at IS 'When the user voted last (UTC).';
COMMENT ON COLUMN public.cluster_rule_user_feedback.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN public.cluster_rule_user_feedback.org_id IS 'Organisation of the cluster, as text.';

CREATE TABLE IF NOT EXISTS public.cluster_user_rule_disable_feedback (
    cluster_id varchar NOT NULL,
    user_id varchar NOT NULL,
    rule_id varchar NOT NULL,
    message varchar NOT NULL,
    added_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    error_key varchar NOT NULL DEFAULT '',
    org_id varchar NOT NULL DEFAULT '0',
    CONSTRAINT cluster_user_rule_disable_feedback_pkey PRIMARY KEY (cluster_id, user_id, rule_id, error_key)
);
CREATE INDEX IF NOT EXISTS disable_feedback_org_id_rule_id_error_key_idx
    ON public.cluster_user_rule_disable_feedback (org_id, rule_id, error_key);
COMMENT ON TABLE public.cluster_user_rule_disable_feedback IS 'One row per user who ever said why a rule is disabled for a cluster.';
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.cluster_id IS 'Cluster.';
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.user_id IS 'Who said so.';
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.rule_id IS 'Rule as the client named it, usually with .report.';
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.message IS 'What the user wrote.';
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.added_at IS 'When the user wrote first (UTC).';
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.updated_at IS 'When the user wrote last (UTC).';
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.org_id IS 'Organisation of the cluster, as text.';
COMMENT ON INDEX public.disable_feedback_org_id_rule_id_error_key_idx IS 'Why a rule is disabled, over the clusters of an organisation.';

CREATE TABLE IF NOT EXISTS public.rule_disable (
    org_id varchar NOT NULL,
    rule_id varchar NOT NULL,
    error_key varchar NOT NULL,
    justification varchar,
    created_at timestamp NOT NULL,
    updated_at timestamp,
    CONSTRAINT rule_disable_pkey PRIMARY KEY (org_id, rule_id, error_key)
);
COMMENT ON TABLE public.rule_disable IS 'One row per rule that an organisation has acknowledged, which disables it for all its clusters.';
COMMENT ON COLUMN public.rule_disable.org_id IS 'Organisation, as text.';
COMMENT ON COLUMN public.rule_disable.rule_id IS 'Rule as the client named it.';
COMMENT ON COLUMN public.rule_disable.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN public.rule_disable.justification IS 'Why.';
COMMENT ON COLUMN public.rule_disable.created_at IS 'When it was acknowledged (UTC).';
COMMENT ON COLUMN public.rule_disable.updated_at IS 'When the justification was changed (UTC).';

CREATE TABLE IF NOT EXISTS public.advisor_ratings (
    org_id varchar NOT NULL,
    rule_fqdn varchar NOT NULL,
    error_key varchar NOT NULL,
    rated_at timestamp,
    last_updated_at timestamp,
    rating smallint,
    rule_id varchar NOT NULL DEFAULT '.',
    CONSTRAINT advisor_ratings_pkey PRIMARY KEY (org_id, rule_fqdn, error_key)
);
COMMENT ON TABLE public.advisor_ratings IS 'One row per recommendation that an organisation has rated.';
COMMENT ON COLUMN public.advisor_ratings.org_id IS 'Organisation, as text.';
COMMENT ON COLUMN public.advisor_ratings.rule_fqdn IS 'Component of the rule without its .report.';
COMMENT ON COLUMN public.advisor_ratings.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN public.advisor_ratings.rated_at IS 'When it was rated first (UTC).';
COMMENT ON COLUMN public.advisor_ratings.last_updated_at IS 'When it was rated last (UTC).';
COMMENT ON COLUMN public.advisor_ratings.rating IS '1 like, -1 dislike, 0 taken back.';
COMMENT ON COLUMN public.advisor_ratings.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';

CREATE TABLE IF NOT EXISTS public.consumer_error (
    topic varchar NOT NULL,
    partition integer NOT NULL,
    topic_offset integer NOT NULL,
    key varchar,
    produced_at timestamp NOT NULL,
    consumed_at timestamp NOT NULL,
    message varchar,
    error varchar NOT NULL,
    CONSTRAINT consumer_error_pkey PRIMARY KEY (topic, partition, topic_offset)
);
CREATE INDEX IF NOT EXISTS consumer_error_consumed_at_idx ON public.consumer_error (consumed_at);
COMMENT ON TABLE public.consumer_error IS 'One row per message that was no report, with all that is wrong with it. clusters.consumer_error shows offsets beyond 2147483647 and the faults one by one.';
COMMENT ON COLUMN public.consumer_error.topic IS 'Kafka topic.';
COMMENT ON COLUMN public.consumer_error.partition IS 'Its partition.';
COMMENT ON COLUMN public.consumer_error.topic_offset IS 'Offset in the partition, modulo 2147483648.';
COMMENT ON COLUMN public.consumer_error.key IS 'Key of the message; bytes that are no UTF-8 as \xNN.';
COMMENT ON COLUMN public.consumer_error.produced_at IS 'Time of the message by its broker or producer (UTC).';
COMMENT ON COLUMN public.consumer_error.consumed_at IS 'When it was read (UTC).';
COMMENT ON COLUMN public.consumer_error.message IS 'The message; bytes that are no UTF-8 as \xNN.';
COMMENT ON COLUMN public.consumer_error.error IS 'What is wrong with it, in words.';
COMMENT ON INDEX public.consumer_error_consumed_at_idx IS 'What is old enough to go.';

CREATE TABLE IF NOT EXISTS public.migration_info (version integer NOT NULL);
INSERT INTO public.migration_info (version) SELECT 32 WHERE NOT EXISTS (SELECT FROM public.migration_info);
COMMENT ON TABLE public.migration_info IS 'One row: the version of the schema public by the count of the system it comes from.';
COMMENT ON COLUMN public.migration_info.version IS 'Old clients refuse to work unless it is 32.';

CREATE TABLE IF NOT EXISTS dvo.migration_info (version integer NOT NULL);
INSERT INTO dvo.migration_info (version) SELECT 4 WHERE NOT EXISTS (SELECT FROM dvo.migration_info);
COMMENT ON TABLE dvo.migration_info IS 'One row: the version of the schema dvo by the count of the system it comes from.';
COMMENT ON COLUMN dvo.migration_info.version IS 'Old clients refuse to work unless it is 4.';

CREATE TABLE IF NOT EXISTS dvo.dvo_report (
    org_id integer NOT NULL,
    cluster_id varchar NOT NULL,
    namespace_id varchar NOT NULL,
    namespace_name varchar,
    report text,
    recommendations integer NOT NULL,
    objects integer NOT NULL,
    reported_at timestamp,
    last_checked_at timestamp,
    rule_hits_count jsonb DEFAULT '{}',
    CONSTRAINT dvo_report_pkey PRIMARY KEY (org_id, cluster_id, namespace_id)
);
CREATE INDEX IF NOT EXISTS report_org_id_idx ON dvo.dvo_report USING hash (org_id);
CREATE INDEX IF NOT EXISTS report_org_id_cluster_id_idx ON dvo.dvo_report (org_id, cluster_id);
CREATE INDEX IF NOT EXISTS dvo_report_cluster_id_idx ON dvo.dvo_report (cluster_id);
COMMENT ON TABLE dvo.dvo_report IS 'One row per namespace of a cluster whose workloads the newest message recommends to change.';
COMMENT ON COLUMN dvo.dvo_report.org_id IS 'Organisation of the cluster.';
COMMENT ON COLUMN dvo.dvo_report.cluster_id IS 'Cluster.';
COMMENT ON COLUMN dvo.dvo_report.namespace_id IS 'UID of the namespace.';
COMMENT ON COLUMN dvo.dvo_report.namespace_name IS 'Name of the namespace.';
COMMENT ON COLUMN dvo.dvo_report.report IS 'The Metrics object of the message, of all its namespaces, as a JSON string that holds JSON.';
COMMENT ON COLUMN dvo.dvo_report.recommendations IS 'How many recommendations touch the namespace.';
COMMENT ON COLUMN dvo.dvo_report.objects IS 'How many different workloads they touch.';
COMMENT ON COLUMN dvo.dvo_report.reported_at IS 'LastChecked of the message with which the namespace came up (UTC).';
COMMENT ON COLUMN dvo.dvo_report.last_checked_at IS 'LastChecked of the newest message (UTC).';
COMMENT ON COLUMN dvo.dvo_report.rule_hits_count IS 'Workloads by recommendation: {"rule|KEY": number}.';
COMMENT ON INDEX dvo.report_org_id_idx IS 'Kept for old clients; the primary key serves the same questions.';
COMMENT ON INDEX dvo.report_org_id_cluster_id_idx IS 'Kept for old clients; the primary key serves the same questions.';
COMMENT ON INDEX dvo.dvo_report_cluster_id_idx IS 'Namespaces of a cluster whichever organisation has it.';

-- History: since when a cluster had a recommendation, and when it was gone. By the times of the messages, so the order of arrival does not matter.
CREATE TABLE clusters.hit_episode (
    cluster_id varchar NOT NULL,
    rule_fqdn text NOT NULL,
    error_key varchar NOT NULL,
    appeared_at timestamptz NOT NULL,
    resolved_at timestamptz,
    CONSTRAINT hit_episode_pkey PRIMARY KEY (cluster_id, rule_fqdn, error_key, appeared_at),
    CONSTRAINT hit_episode_order_check CHECK (resolved_at >= appeared_at)
);
CREATE INDEX hit_episode_appeared_at_idx ON clusters.hit_episode (appeared_at) INCLUDE (rule_fqdn, error_key);
CREATE INDEX hit_episode_resolved_at_idx ON clusters.hit_episode (resolved_at) INCLUDE (rule_fqdn, error_key) WHERE resolved_at IS NOT NULL;
CREATE INDEX hit_episode_open_idx ON clusters.hit_episode (rule_fqdn, error_key, appeared_at, cluster_id) WHERE resolved_at IS NULL;
CREATE INDEX hit_episode_over_idx ON clusters.hit_episode (rule_fqdn, error_key, appeared_at) INCLUDE (cluster_id, resolved_at)
    WHERE resolved_at IS NOT NULL;
COMMENT ON TABLE clusters.hit_episode IS 'One row per stretch of time in which a cluster had a recommendation without a gap.';
COMMENT ON COLUMN clusters.hit_episode.cluster_id IS 'Cluster.';
COMMENT ON COLUMN clusters.hit_episode.rule_fqdn IS 'Component of the rule without its .report.';
COMMENT ON COLUMN clusters.hit_episode.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN clusters.hit_episode.appeared_at IS 'LastChecked of the first report that gave it.';
COMMENT ON COLUMN clusters.hit_episode.resolved_at IS 'LastChecked of the first report without it; null while it stands.';
COMMENT ON INDEX clusters.hit_episode_appeared_at_idx IS 'What came up in a window of time.';
COMMENT ON INDEX clusters.hit_episode_resolved_at_idx IS 'What was resolved in a window of time.';
COMMENT ON INDEX clusters.hit_episode_open_idx IS 'Clusters that have a recommendation, by when they got it.';
COMMENT ON INDEX clusters.hit_episode_over_idx IS 'Clusters that had a recommendation, and for how long.';

INSERT INTO clusters.hit_episode (cluster_id, rule_fqdn, error_key, appeared_at)
SELECT DISTINCT ON (cluster_id, rule_fqdn, error_key)
    cluster_id, rule_fqdn, error_key, coalesce(impacted_since, created_at, timezone('utc', now())) AT TIME ZONE 'UTC'
  FROM public.recommendation
 ORDER BY cluster_id, rule_fqdn, error_key, impacted_since;

-- How often what came up and was resolved, by day. Whoever writes history adds rows and changes none: no two writers ever wait for each other here.
-- The sums are exact at any moment; clusters.fold_hit_days keeps the rows few.
CREATE TABLE clusters.hit_day (
    id bigint GENERATED ALWAYS AS IDENTITY,
    day date NOT NULL,
    rule_fqdn text NOT NULL,
    error_key varchar NOT NULL,
    appeared bigint NOT NULL,
    resolved bigint NOT NULL,
    CONSTRAINT hit_day_pkey PRIMARY KEY (id)
);
CREATE INDEX hit_day_rule_fqdn_error_key_day_idx ON clusters.hit_day (rule_fqdn, error_key, day);
COMMENT ON TABLE clusters.hit_day IS 'For each day and recommendation one or more rows whose sums tell how often clusters.hit_episode says that it came up and was resolved.';
COMMENT ON COLUMN clusters.hit_day.id IS 'Number of the row.';
COMMENT ON COLUMN clusters.hit_day.day IS 'Day, UTC.';
COMMENT ON COLUMN clusters.hit_day.rule_fqdn IS 'Component of the rule without its .report.';
COMMENT ON COLUMN clusters.hit_day.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN clusters.hit_day.appeared IS 'How often it came up; less than nothing where history was taken away.';
COMMENT ON COLUMN clusters.hit_day.resolved IS 'How often it was resolved; less than nothing where history was taken away.';
COMMENT ON INDEX clusters.hit_day_rule_fqdn_error_key_day_idx IS 'The days of one recommendation.';

INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
SELECT (appeared_at AT TIME ZONE 'UTC')::date, rule_fqdn, error_key, count(*), 0
  FROM clusters.hit_episode
 GROUP BY (appeared_at AT TIME ZONE 'UTC')::date, rule_fqdn, error_key;

-- A message without workloads leaves no row in dvo_report, but older messages must not come after it: this row remembers, and is what writers lock.
CREATE TABLE clusters.workload_check (
    cluster_id varchar NOT NULL,
    org_id integer NOT NULL,
    last_checked_at timestamp NOT NULL,
    CONSTRAINT workload_check_pkey PRIMARY KEY (cluster_id)
);
COMMENT ON TABLE clusters.workload_check IS 'One row per cluster that ever sent workloads: which message was the newest.';
COMMENT ON COLUMN clusters.workload_check.cluster_id IS 'Cluster.';
COMMENT ON COLUMN clusters.workload_check.org_id IS 'Organisation of the cluster.';
COMMENT ON COLUMN clusters.workload_check.last_checked_at IS 'LastChecked of the newest message (UTC).';

INSERT INTO clusters.workload_check (cluster_id, org_id, last_checked_at)
SELECT DISTINCT ON (cluster_id) cluster_id, org_id, coalesce(last_checked_at, '-infinity')
  FROM dvo.dvo_report
 ORDER BY cluster_id ASC, last_checked_at DESC NULLS LAST;

CREATE TABLE clusters.consumer_fault (
    topic varchar NOT NULL,
    partition integer NOT NULL,
    topic_offset bigint NOT NULL,
    faults jsonb NOT NULL,
    CONSTRAINT consumer_fault_pkey PRIMARY KEY (topic, partition, topic_offset)
);
-- Found from the row of public.consumer_error, whose offset has 31 bits.
CREATE INDEX consumer_fault_short_idx ON clusters.consumer_fault (topic, partition, (topic_offset & 2147483647), topic_offset);
COMMENT ON INDEX clusters.consumer_fault_short_idx IS 'Faults of a row of public.consumer_error.';
COMMENT ON TABLE clusters.consumer_fault IS 'One row per message of public.consumer_error: its whole offset and each of its faults.';
COMMENT ON COLUMN clusters.consumer_fault.topic IS 'Kafka topic.';
COMMENT ON COLUMN clusters.consumer_fault.partition IS 'Its partition.';
COMMENT ON COLUMN clusters.consumer_fault.topic_offset IS 'Offset in the partition.';
COMMENT ON COLUMN clusters.consumer_fault.faults IS 'What is wrong, in the order of the message: [{"pointer": JSON pointer, "code": stable code, "text": words}].';

GRANT USAGE ON SCHEMA clusters, dvo TO clusters_reader, clusters_writer;
GRANT USAGE ON SCHEMA clusters TO cdviz_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA clusters, dvo TO clusters_reader;
GRANT SELECT ON public.report, public.rule_hit, public.recommendation, public.report_info, public.cluster_rule_toggle,
    public.cluster_rule_user_feedback, public.cluster_user_rule_disable_feedback, public.rule_disable, public.advisor_ratings,
    public.consumer_error, public.migration_info TO clusters_reader;
