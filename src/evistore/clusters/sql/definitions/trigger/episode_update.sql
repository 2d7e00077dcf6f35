-- episode_update: what is resolved is counted by day.
-- requires: clusters.count_hit_days
DROP TRIGGER IF EXISTS episode_update ON clusters.hit_episode;
CREATE TRIGGER episode_update
AFTER UPDATE ON clusters.hit_episode
REFERENCING OLD TABLE AS gone NEW TABLE AS came
FOR EACH STATEMENT EXECUTE FUNCTION clusters.count_hit_days();

COMMENT ON TRIGGER episode_update ON clusters.hit_episode IS 'Keeps clusters.hit_day: what is resolved is counted by day.';
