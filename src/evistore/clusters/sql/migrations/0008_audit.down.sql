DROP INDEX public.disable_feedback_user_id_idx;
DROP TABLE clusters.change;
