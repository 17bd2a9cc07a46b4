package dev.runnel.testkit.storm;

import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.nio.file.Path;

/**
 * The database of the storm: rows {@code t(id, b, w)} with ids that have no hole, and {@code s(total)}, which is the
 * highest id. Every committed state keeps both; a state that mixes two transactions breaks one of them.
 */
public final class StormDatabase {
    private StormDatabase() {}

    /** Creates it, in WAL mode, able to vacuum incrementally, and closes it. */
    public static Path create(Path file, int pageSize) throws SqlFailure {
        return create(file, pageSize, "wal");
    }

    /** The same in another journal mode. */
    public static Path create(Path file, int pageSize, String journal) throws SqlFailure {
        try (SqlSession session = JdbcSession.open(file)) {
            session.run(
                    "pragma page_size=" + pageSize,
                    "pragma auto_vacuum=incremental",
                    "pragma journal_mode=" + journal,
                    "create table t(id integer primary key, b, w)",
                    "create table s(total)",
                    "insert into s values(0)");
        }
        return file;
    }
}
