-- episode_deletion: history that is taken away is not counted any more.
-- requires: clusters.count_hit_days
DROP TRIGGER IF EXISTS episode_deletion ON clusters.hit_episode;
CREATE TRIGGER episode_deletion
AFTER DELETE ON clusters.hit_episode
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION clusters.count_hit_days();

COMMENT ON TRIGGER episode_deletion ON clusters.hit_episode IS 'Keeps clusters.hit_day: history that is taken away is not counted any more.';
