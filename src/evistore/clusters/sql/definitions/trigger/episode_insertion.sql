-- episode_insertion: what comes up is counted by day.
-- requires: clusters.count_hit_days
DROP TRIGGER IF EXISTS episode_insertion ON clusters.hit_episode;
CREATE TRIGGER episode_insertion
AFTER INSERT ON clusters.hit_episode
REFERENCING NEW TABLE AS came
FOR EACH STATEMENT EXECUTE FUNCTION clusters.count_hit_days();

COMMENT ON TRIGGER episode_insertion ON clusters.hit_episode IS 'Keeps clusters.hit_day: what comes up is counted by day.';
