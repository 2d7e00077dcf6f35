-- name: report
-- One row per hit of the report of a cluster, or one without hit; with the vote and the reason of one user, and whether the rule is disabled for the
-- cluster. A toggle names its rule with or without the .report at its end.
SELECT report.last_checked_at,
       report.gathered_at,
       hit.rule_fqdn AS component,
       hit.error_key AS key,
       hit.template_data,
       hit.created_at AS impacted_since,
       coalesce(vote.user_vote, 0) AS user_vote,
       EXISTS (SELECT
                 FROM public.cluster_rule_toggle AS toggle
                WHERE toggle.cluster_id = hit.cluster_id
                  AND toggle.error_key = hit.error_key
                  AND toggle.org_id = hit.org_id::text
                  AND toggle.disabled = 1
                  AND regexp_replace(toggle.rule_id, '\.report$', '') = regexp_replace(hit.rule_fqdn, '\.report$', '')
              ) AS disabled,
       coalesce(reason.message, '') AS disable_feedback,
       reason.updated_at AS disabled_at
  FROM public.report
  LEFT JOIN public.rule_hit AS hit
    ON hit.cluster_id = report.cluster
   AND hit.org_id = report.org_id
  LEFT JOIN public.cluster_rule_user_feedback AS vote
    ON vote.cluster_id = hit.cluster_id
   AND vote.rule_id = hit.rule_fqdn
   AND vote.user_id = %(user_id)s::text
   AND vote.error_key = hit.error_key
  LEFT JOIN public.cluster_user_rule_disable_feedback AS reason
    ON reason.cluster_id = hit.cluster_id
   AND reason.user_id = %(user_id)s::text
   AND reason.rule_id = hit.rule_fqdn
   AND reason.error_key = hit.error_key
 WHERE report.org_id = %(org_id)s::bigint
   AND report.cluster = %(cluster)s::text
 ORDER BY hit.rule_fqdn COLLATE "C", hit.error_key COLLATE "C";

-- name: hit
-- One hit of a cluster, with the vote and the reason of one user, and the toggle of its rule: one that disables it if there is any, else the newest.
SELECT hit.rule_fqdn AS component,
       hit.error_key AS key,
       hit.template_data,
       hit.created_at AS impacted_since,
       coalesce(vote.user_vote, 0) AS user_vote,
       coalesce(toggle.disabled = 1, false) AS disabled,
       coalesce(reason.message, '') AS disable_feedback,
       toggle.disabled_at,
       toggle.disabled IS NOT NULL AS toggled
  FROM public.rule_hit AS hit
  LEFT JOIN LATERAL (
      SELECT one.disabled, one.disabled_at
        FROM public.cluster_rule_toggle AS one
       WHERE one.cluster_id = hit.cluster_id
         AND one.error_key = hit.error_key
         AND one.org_id = hit.org_id::text
         AND regexp_replace(one.rule_id, '\.report$', '') = regexp_replace(hit.rule_fqdn, '\.report$', '')
       ORDER BY one.disabled DESC, one.updated_at DESC
       LIMIT 1
       ) AS toggle ON true
  LEFT JOIN public.cluster_rule_user_feedback AS vote
    ON vote.cluster_id = hit.cluster_id
   AND vote.rule_id = hit.rule_fqdn
   AND vote.user_id = %(user_id)s::text
   AND vote.error_key = hit.error_key
  LEFT JOIN public.cluster_user_rule_disable_feedback AS reason
    ON reason.cluster_id = hit.cluster_id
   AND reason.user_id = %(user_id)s::text
   AND reason.rule_id = hit.rule_fqdn
   AND reason.error_key = hit.error_key
 WHERE hit.org_id = %(org_id)s::bigint
   AND hit.cluster_id = %(cluster)s::text
   AND hit.rule_fqdn = %(rule)s::text
   AND hit.error_key = %(key)s::text;

-- name: summary
-- When the report of a cluster was made and stored, and how many hits it has.
SELECT report.last_checked_at,
       report.reported_at AS stored_at,
       (SELECT count(*)
          FROM public.rule_hit AS hit
         WHERE hit.cluster_id = report.cluster
           AND hit.org_id = report.org_id) AS hits
  FROM public.report
 WHERE report.org_id = %(org_id)s::bigint
   AND report.cluster = %(cluster)s::text;

-- name: stored
-- The reports of clusters as they are stored, of whatever organisation.
SELECT cluster, org_id, report
  FROM public.report
 WHERE cluster = ANY(%(clusters)s::text[]);
