package dev.runnel.engine;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The fields {@code db} and {@code replica} of each record in the log that is about a database. They belong to the thread of
 * an actor; what an actor has another thread do carries them along.
 */
final class LogFields {
    private static final String DATABASE = "db";
    private static final String REPLICA = "replica";

    private LogFields() {}

    /** From now on this thread logs for a database. */
    static void begin(Path database) {
        MDC.put(DATABASE, database.toString());
    }

    /** From now on this thread logs for a replica of a database. */
    static void begin(Path database, String replica) {
        begin(database);
        MDC.put(REPLICA, replica);
    }

    /** The same task, which logs with the fields of the thread that calls this. */
    static Runnable carriedTo(Runnable task) {
        @Nullable Map<String, String> fields = MDC.getCopyOfContextMap();
        return () -> {
            if (fields != null) {
                MDC.setContextMap(fields);
            }
            try {
                task.run();
            } finally {
                MDC.clear();
            }
        };
    }
}
