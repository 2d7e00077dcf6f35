-- episode_truncation: where all history goes at once, its counts go too.
-- requires: clusters.count_hit_days
DROP TRIGGER IF EXISTS episode_truncation ON clusters.hit_episode;
CREATE TRIGGER episode_truncation
AFTER TRUNCATE ON clusters.hit_episode
FOR EACH STATEMENT EXECUTE FUNCTION clusters.count_hit_days();

COMMENT ON TRIGGER episode_truncation ON clusters.hit_episode IS 'Keeps clusters.hit_day: where all history goes at once, its counts go too.';
