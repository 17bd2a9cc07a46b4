package dev.runnel;

import dev.runnel.engine.Engine;
import dev.runnel.ltx.Txid;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits until a state of one database is at all of its replicas. */
final class DurableWait {
    /** After this time the engine is asked again which TXID it is: a change set that changes nothing gets none. */
    private static final long ASK_AGAIN = TimeUnit.SECONDS.toNanos(1);

    private final Engine engine;
    private final EngineEvents events;
    private final Path database;

    DurableWait(Engine engine, EngineEvents events, Path database) {
        this.engine = engine;
        this.events = events;
        this.database = database;
    }

    /** Waits for what is committed now, which is uploaded at its usual time. */
    boolean upcoming(Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        Txid goal;
        try {
            goal = get(engine.upcoming(database), end);
            while (!isDurable(goal, Math.min(end, System.nanoTime() + ASK_AGAIN))) {
                Txid now = get(engine.upcoming(database), end);
                if (goal.isAfter(now)) {
                    goal = now;
                }
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Has what is committed now uploaded, and waits for it. */
    boolean now(Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            return isDurable(get(engine.sync(database), end), end);
        } catch (TimeoutException e) {
            return false;
        }
    }

    private boolean isDurable(Txid txid, long until) throws InterruptedException {
        while (true) {
            long seen = events.changes();
            boolean isEverywhere = engine.status(database).replicas().stream()
                    .allMatch(replica -> replica.shipped().compareTo(txid) >= 0);
            long left = until - System.nanoTime();
            if (isEverywhere || left <= 0) {
                return isEverywhere;
            }
            events.awaitChange(seen, left);
        }
    }

    private static Txid get(Future<Txid> answer, long end) throws IOException, InterruptedException, TimeoutException {
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        }
    }
}
