-- What an export tells beside the tables themselves. Databases of others may lack any of them: whether one is there is asked before.

-- name: disabled_rules
-- Rules for which more than one user gave a reason to disable them; as old clients know the file: rule and number.
SELECT f.rule_id AS rule, count(DISTINCT f.user_id) AS users
  FROM public.cluster_user_rule_disable_feedback AS f
 GROUP BY f.rule_id
HAVING count(DISTINCT f.user_id) > 1
 ORDER BY users DESC, rule;
