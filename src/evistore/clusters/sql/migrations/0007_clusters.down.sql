DROP TABLE clusters.consumer_fault, clusters.workload_check, clusters.hit_day, clusters.hit_episode;
DROP TABLE dvo.dvo_report, dvo.migration_info;
DROP TABLE public.cluster_rule_user_feedback, public.cluster_user_rule_disable_feedback, public.cluster_rule_toggle, public.rule_disable,
    public.advisor_ratings, public.consumer_error, public.recommendation, public.rule_hit, public.report_info, public.report, public.migration_info;
DROP SCHEMA clusters;
DROP SCHEMA dvo;
